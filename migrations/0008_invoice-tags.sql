UPDATE invoices SET body = json_set(body, '$.tags', json_object());
