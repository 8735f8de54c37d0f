-- How soon the provider tells of what it takes is judged for each account by its latest attempts.
CREATE INDEX attempt_by_account ON attempt (account_id, intent_id);
