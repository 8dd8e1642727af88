UPDATE invoices SET body = json_set(body, '$.billedTo', NULL) WHERE json_type(body, '$.billedTo') IS NULL;
