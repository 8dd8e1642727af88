CREATE TABLE `poc_transactions` (
	`account` text NOT NULL,
	`n` integer NOT NULL,
	`type` text NOT NULL,
	`amount` integer NOT NULL,
	`balance` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`reference` text NOT NULL,
	`description` text NOT NULL,
	PRIMARY KEY(`account`, `n`)
) STRICT, WITHOUT ROWID;
