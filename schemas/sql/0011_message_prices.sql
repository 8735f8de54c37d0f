-- What the provider says that a message costs, in its own words; '' where it says nothing.
ALTER TABLE receipt ADD COLUMN price_category TEXT NOT NULL DEFAULT '';
ALTER TABLE receipt ADD COLUMN price_type TEXT NOT NULL DEFAULT '';
ALTER TABLE receipt ADD COLUMN billable INTEGER; -- 0, 1; NULL: it does not say
