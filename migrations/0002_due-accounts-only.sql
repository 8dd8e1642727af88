DROP INDEX `accounts_due`;--> statement-breakpoint
CREATE INDEX `accounts_due` ON `accounts` (`due_at_ms`) WHERE due_at_ms IS NOT NULL;