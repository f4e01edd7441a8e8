-- The ledger of an observatory from before its tables had revisions, as SQLite kept it.
CREATE TABLE submissions (
	sequence_number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	submission_id VARCHAR NOT NULL, 
	country_code VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	original_name VARCHAR NOT NULL, 
	received_at VARCHAR NOT NULL, 
	arrived_via VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	announced_at_unix FLOAT, 
	attempts INTEGER NOT NULL, 
	last_error VARCHAR, 
	answered_at VARCHAR, 
	verdict VARCHAR, 
	rows_read INTEGER, 
	rows_accepted INTEGER, 
	rows_held INTEGER, 
	rows_refused INTEGER, 
	rules_version VARCHAR, 
	landing_sha256 VARCHAR, 
	UNIQUE (submission_id)
);
CREATE TABLE waivers (
	waiver_id INTEGER NOT NULL, 
	build_id VARCHAR NOT NULL, 
	expectation VARCHAR NOT NULL, 
	severity VARCHAR NOT NULL, 
	country_code VARCHAR, 
	indicator_code VARCHAR, 
	cells_sha256 VARCHAR NOT NULL, 
	waived_by VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	until_on VARCHAR NOT NULL, 
	waived_at VARCHAR NOT NULL, 
	PRIMARY KEY (waiver_id)
);
CREATE TABLE decisions (
	decision_id INTEGER NOT NULL, 
	decided_at VARCHAR NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	details VARCHAR NOT NULL, 
	previous_sha256 VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	PRIMARY KEY (decision_id), 
	UNIQUE (previous_sha256)
);
CREATE TRIGGER decisions_no_update before update on decisions begin select raise(abort, 'decisions is only added to'); end;
CREATE TRIGGER decisions_no_delete before delete on decisions begin select raise(abort, 'decisions is only added to'); end;
CREATE TABLE accounts (
	account_id VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	password_hash VARCHAR, 
	is_disabled BOOLEAN NOT NULL, 
	failed_count INTEGER NOT NULL, 
	locked_until_unix FLOAT NOT NULL, 
	created_at VARCHAR NOT NULL, 
	PRIMARY KEY (account_id), 
	UNIQUE (email)
);
CREATE TABLE audit_log (
	sequence_number INTEGER NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	details VARCHAR NOT NULL, 
	previous_hash VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence_number), 
	UNIQUE (previous_hash), 
	UNIQUE (hash)
);
CREATE TRIGGER audit_log_no_update before update on audit_log begin select raise(abort, 'audit_log is only added to'); end;
CREATE TRIGGER audit_log_no_delete before delete on audit_log begin select raise(abort, 'audit_log is only added to'); end;
CREATE TABLE four_eyes (
	country_code VARCHAR NOT NULL, 
	PRIMARY KEY (country_code)
);
CREATE TABLE mails (
	mail_id INTEGER NOT NULL, 
	account_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	occasion VARCHAR NOT NULL, 
	queued_at VARCHAR NOT NULL, 
	sent_at VARCHAR, 
	attempts INTEGER NOT NULL, 
	PRIMARY KEY (mail_id), 
	UNIQUE (account_id, kind, occasion)
);
CREATE TABLE arrivals (
	arrival_id INTEGER NOT NULL, 
	submission_id VARCHAR NOT NULL, 
	original_name VARCHAR NOT NULL, 
	modified_ns BIGINT NOT NULL, 
	arrived_at VARCHAR NOT NULL, 
	PRIMARY KEY (arrival_id), 
	UNIQUE (submission_id, original_name, modified_ns), 
	FOREIGN KEY(submission_id) REFERENCES submissions (submission_id)
);
CREATE TABLE holds (
	hold_id INTEGER NOT NULL, 
	submission_id VARCHAR NOT NULL, 
	country_code VARCHAR NOT NULL, 
	build_id VARCHAR NOT NULL, 
	expectation VARCHAR NOT NULL, 
	sentence VARCHAR NOT NULL, 
	held_at VARCHAR NOT NULL, 
	last_sequence_number INTEGER NOT NULL, 
	released_at VARCHAR, 
	PRIMARY KEY (hold_id), 
	UNIQUE (submission_id, build_id, expectation), 
	FOREIGN KEY(submission_id) REFERENCES submissions (submission_id)
);
CREATE TABLE justifications (
	justification_id INTEGER NOT NULL, 
	submission_id VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	is_public BOOLEAN NOT NULL, 
	cells_sha256 VARCHAR NOT NULL, 
	justified_at VARCHAR NOT NULL, 
	PRIMARY KEY (justification_id), 
	FOREIGN KEY(submission_id) REFERENCES submissions (submission_id)
);
CREATE TABLE account_countries (
	account_id VARCHAR NOT NULL, 
	country_code VARCHAR NOT NULL, 
	PRIMARY KEY (account_id, country_code), 
	FOREIGN KEY(account_id) REFERENCES accounts (account_id)
);
CREATE TABLE identities (
	issuer VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	PRIMARY KEY (issuer, subject), 
	FOREIGN KEY(account_id) REFERENCES accounts (account_id)
);
CREATE TABLE secrets (
	secret_sha256 VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	expires_at_unix FLOAT NOT NULL, 
	used_at_unix FLOAT NOT NULL, 
	PRIMARY KEY (secret_sha256), 
	FOREIGN KEY(account_id) REFERENCES accounts (account_id)
);
CREATE TABLE messages (
	message_id INTEGER NOT NULL, 
	submission_id VARCHAR NOT NULL, 
	account_id VARCHAR NOT NULL, 
	is_steward BOOLEAN NOT NULL, 
	text VARCHAR NOT NULL, 
	written_at VARCHAR NOT NULL, 
	PRIMARY KEY (message_id), 
	FOREIGN KEY(submission_id) REFERENCES submissions (submission_id)
);
