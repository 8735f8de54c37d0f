-- Parked receipts are found by their age: an index that holds them all under "no intent" led the planner to read every one.
DROP INDEX receipt_by_intent;
CREATE INDEX receipt_by_intent ON receipt (intent_id) WHERE intent_id IS NOT NULL;
-- A message that goes away (an echo that turns out to be a send of ours) is looked for where it is referred to.
CREATE INDEX message_by_quoted ON message (quoted_message_id) WHERE quoted_message_id IS NOT NULL;
CREATE INDEX offer_by_first_message ON offer (first_message_id) WHERE first_message_id IS NOT NULL;
