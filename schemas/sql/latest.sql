-- The sum of all migrations, for reading; made by DESKBRIDGE_WRITE_LATEST=1 test_store 'schema*'

CREATE TABLE account (
  account_id     INTEGER PRIMARY KEY,
  channel        TEXT NOT NULL,
  number         TEXT NOT NULL,
  name           TEXT NOT NULL,
  brand          TEXT NOT NULL DEFAULT '',
  time_zone      TEXT NOT NULL DEFAULT 'UTC',
  language       TEXT NOT NULL DEFAULT 'en',
  configured     INTEGER NOT NULL DEFAULT 1 CONSTRAINT account_configured_bool CHECK (configured IN (0, 1)),
  paused_reason  TEXT,
  paused_at_ms   INTEGER,
  last_refusal_at_ms INTEGER, -- intake answered 5xx or 503: evidence from before does not count
  proven_to_ms   INTEGER, -- the latest begin of an attempt for which a receipt came: callbacks work up to there
  created_at_ms  INTEGER NOT NULL, paused_by TEXT CONSTRAINT account_paused_by_known CHECK (paused_by IN ('provider', 'agent', 'restore')),
  CONSTRAINT account_number_unique UNIQUE (channel, number)
) STRICT;

CREATE TABLE agent (
  agent_id       INTEGER PRIMARY KEY,
  name           TEXT NOT NULL CONSTRAINT agent_name_unique UNIQUE,
  unix_user      TEXT CONSTRAINT agent_unix_user_unique UNIQUE,
  role           TEXT NOT NULL DEFAULT 'agent' CONSTRAINT agent_role_known CHECK (role IN ('agent', 'administrator')),
  created_at_ms  INTEGER NOT NULL,
  disabled_at_ms INTEGER
) STRICT;

CREATE TABLE identity (
  identity_id    INTEGER PRIMARY KEY,
  contact_id     INTEGER NOT NULL REFERENCES contact (contact_id),
  scope          TEXT NOT NULL,
  kind           TEXT NOT NULL,
  value          TEXT NOT NULL,
  valid_from_ms  INTEGER NOT NULL,
  valid_to_ms    INTEGER,
  last_seen_ms   INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX identity_current_unique ON identity (scope, kind, value) WHERE valid_to_ms IS NULL;

CREATE INDEX identity_past ON identity (scope, kind, value, valid_to_ms) WHERE valid_to_ms IS NOT NULL;

CREATE INDEX identity_by_contact ON identity (contact_id);

CREATE TABLE conversation (
  conversation_id INTEGER PRIMARY KEY,
  account_id      INTEGER NOT NULL REFERENCES account (account_id),
  contact_id      INTEGER REFERENCES contact (contact_id),
  group_external_id TEXT,
  address_kind    TEXT NOT NULL DEFAULT '', -- what the customer's latest message came from: where answers go
  address_value   TEXT NOT NULL DEFAULT '',
  window_from_ms  INTEGER, -- min(provider time, receive time) of the latest message that opens the reply window
  last_inbound_ms INTEGER, -- receive time of the latest customer message
  created_at_ms   INTEGER NOT NULL, window_opened_at_ms INTEGER, window_told_at_ms INTEGER, window_minute INTEGER,
  CONSTRAINT conversation_contact_unique UNIQUE (account_id, contact_id),
  CONSTRAINT conversation_group_unique UNIQUE (account_id, group_external_id),
  CONSTRAINT conversation_one_party CHECK ((contact_id IS NULL) <> (group_external_id IS NULL))
) STRICT;

CREATE INDEX conversation_by_contact ON conversation (contact_id);

CREATE TABLE ticket_interval (
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id),
  opened_at_ms   INTEGER NOT NULL,
  solved_at_ms   INTEGER,
  CONSTRAINT ticket_interval_key PRIMARY KEY (ticket_id, opened_at_ms)
) STRICT;

CREATE TABLE message_version (
  message_id     INTEGER NOT NULL REFERENCES message (message_id),
  version        INTEGER NOT NULL,
  kind           TEXT NOT NULL CONSTRAINT message_version_kind_known CHECK (kind IN ('edit', 'deletion')),
  text_before    TEXT NOT NULL,
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  CONSTRAINT message_version_key PRIMARY KEY (message_id, version)
) STRICT;

CREATE TABLE message_parked (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  target_external_id TEXT NOT NULL,
  kind           TEXT NOT NULL CONSTRAINT message_parked_kind_known CHECK (kind IN ('edit', 'deletion', 'reaction')),
  actor          TEXT NOT NULL CONSTRAINT message_parked_actor_known CHECK (actor IN ('customer', 'phone_app')),
  sender         TEXT NOT NULL, -- JSON array of [kind, value], strongest first; of phone_app: the customer of that chat
  group_external_id TEXT NOT NULL DEFAULT '', -- '' = a private chat
  text           TEXT NOT NULL,
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  journal_id     INTEGER, -- with event_key: what goes to the shelf if the message turns out to be somebody else's
  event_key      TEXT NOT NULL DEFAULT '',
  CONSTRAINT message_parked_key PRIMARY KEY (account_id, target_external_id, kind, actor, sender, group_external_id)
) STRICT;

CREATE INDEX message_parked_age ON message_parked (received_at_ms);

CREATE TABLE message_reaction (
  message_id     INTEGER NOT NULL REFERENCES message (message_id),
  actor          TEXT NOT NULL, -- 'customer', 'phone_app'; in a group 'customer:7', the contact
  emoji          TEXT NOT NULL,
  provider_at_ms INTEGER NOT NULL,
  CONSTRAINT message_reaction_key PRIMARY KEY (message_id, actor)
) STRICT;

CREATE TABLE message_placement (
  placement_id   INTEGER PRIMARY KEY,
  message_id     INTEGER NOT NULL REFERENCES message (message_id),
  rule           TEXT NOT NULL, -- 'R0' … 'R9', 'E', 'pick', 'merge', 'move', 'split', 'undo'
  action         TEXT NOT NULL, -- 'append', 'reopen', 'open', 'follow_up', 'conversation_only'
  from_ticket_id INTEGER REFERENCES ticket (ticket_id),
  to_ticket_id   INTEGER REFERENCES ticket (ticket_id),
  candidates     TEXT NOT NULL DEFAULT '[]', -- JSON array of {"ticket":n,"because":"…"}
  guess          INTEGER NOT NULL DEFAULT 0 CONSTRAINT message_placement_guess_bool CHECK (guess IN (0, 1)),
  reason         TEXT NOT NULL DEFAULT '',   -- the rule's own words for this case, without the customer's
  settings_version TEXT NOT NULL DEFAULT '',
  actor_kind     TEXT NOT NULL,
  actor_id       INTEGER,
  at_ms          INTEGER NOT NULL,
  undone_at_ms   INTEGER
) STRICT;

CREATE INDEX message_placement_by_message ON message_placement (message_id, placement_id);

CREATE TABLE media (
  media_id       INTEGER PRIMARY KEY,
  message_id     INTEGER NOT NULL REFERENCES message (message_id),
  position       INTEGER NOT NULL,
  external_id    TEXT NOT NULL,
  mime_type      TEXT NOT NULL,
  file_name      TEXT NOT NULL DEFAULT '',
  announced_sha256 TEXT NOT NULL DEFAULT '',
  state          TEXT NOT NULL DEFAULT 'recorded' CONSTRAINT media_state_known
                   CHECK (state IN ('recorded', 'fetching', 'fetched', 'failed', 'expired')),
  state_reason   TEXT NOT NULL DEFAULT '',
  sha256         TEXT,
  size_bytes     INTEGER,
  next_at_ms     INTEGER,
  attempts       INTEGER NOT NULL DEFAULT 0, account_id INTEGER REFERENCES account (account_id), content_type TEXT NOT NULL DEFAULT '',
  CONSTRAINT media_position_unique UNIQUE (message_id, position)
) STRICT;

CREATE TABLE offer (
  offer_id        INTEGER PRIMARY KEY,
  nonce           TEXT NOT NULL CONSTRAINT offer_nonce_unique UNIQUE,
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  kind            TEXT NOT NULL CONSTRAINT offer_kind_known CHECK (kind IN ('choice', 'something_new', 'status')),
  first_message_id INTEGER REFERENCES message (message_id), -- first of the burst that a pick moves
  options         TEXT NOT NULL, -- JSON array of ticket numbers in the order shown, 0 = something new
  offered_at_ms   INTEGER NOT NULL,
  picked_at_ms    INTEGER
) STRICT;

CREATE INDEX offer_by_conversation ON offer (conversation_id, offered_at_ms);

CREATE TABLE timer (
  timer_id       INTEGER PRIMARY KEY,
  kind           TEXT NOT NULL CONSTRAINT timer_kind_known CHECK (kind IN ('acknowledgement')),
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id),
  due_at_ms      INTEGER NOT NULL,
  deadline_ms    INTEGER NOT NULL,
  detail         TEXT NOT NULL DEFAULT '', -- 'opened', 'reopened', 'follow_up'
  CONSTRAINT timer_unique UNIQUE (kind, ticket_id)
) STRICT;

CREATE INDEX timer_due ON timer (due_at_ms);

CREATE TABLE journal (
  journal_id     INTEGER PRIMARY KEY AUTOINCREMENT,
  hook           TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  body_sha256    BLOB NOT NULL,
  headers        TEXT NOT NULL DEFAULT '', -- JSON of what is needed to interpret it again; no secrets
  retain_until_ms INTEGER NOT NULL,
  body           BLOB -- last: the columns before it are read without its pages
) STRICT;

CREATE INDEX journal_retention ON journal (retain_until_ms) WHERE body IS NOT NULL;

CREATE TABLE inbound_event (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  key            TEXT NOT NULL,
  kind           TEXT NOT NULL,
  journal_id     INTEGER NOT NULL REFERENCES journal (journal_id),
  received_at_ms INTEGER NOT NULL,
  state          TEXT NOT NULL DEFAULT 'applied' CONSTRAINT inbound_event_state_known CHECK (state IN ('applied', 'shelved')),
  CONSTRAINT inbound_event_key PRIMARY KEY (account_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbound_event_by_journal ON inbound_event (journal_id);

CREATE TABLE shelf (
  shelf_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  journal_id     INTEGER NOT NULL REFERENCES journal (journal_id),
  account_id     INTEGER REFERENCES account (account_id),
  event_key      TEXT, -- NULL: the whole body
  reason         TEXT NOT NULL CONSTRAINT shelf_reason_known
                   CHECK (reason IN ('unreadable', 'unknown_account', 'effect_failed', 'foreign_object')),
  detail         TEXT NOT NULL DEFAULT '',
  shelved_at_ms  INTEGER NOT NULL,
  resolved_at_ms INTEGER,
  resolution     TEXT CONSTRAINT shelf_resolution_known CHECK (resolution IN ('replayed', 'dropped'))
, body_sha256 BLOB) STRICT;

CREATE INDEX shelf_open ON shelf (shelf_id) WHERE resolved_at_ms IS NULL;

CREATE INDEX shelf_by_journal ON shelf (journal_id);

CREATE TABLE epoch (
  epoch          INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at_ms  INTEGER NOT NULL,
  stopped_at_ms  INTEGER
) STRICT;

CREATE TABLE idempotency (
  actor          TEXT NOT NULL,
  key            TEXT NOT NULL,
  request_sha256 BLOB NOT NULL,
  status         INTEGER NOT NULL,
  body           TEXT NOT NULL,
  created_at_ms  INTEGER NOT NULL,
  CONSTRAINT idempotency_key PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_age ON idempotency (created_at_ms);

CREATE TABLE event (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  type            TEXT NOT NULL,
  at_ms           INTEGER NOT NULL,
  actor_kind      TEXT NOT NULL,
  actor_id        INTEGER,
  account_id      INTEGER,
  contact_id      INTEGER,
  conversation_id INTEGER,
  ticket_id       INTEGER,
  message_id      INTEGER,
  intent_id       INTEGER,
  data            TEXT NOT NULL DEFAULT '{}' -- JSON: ids, states, counts, reasons
) STRICT;

CREATE TABLE cursor (
  name           TEXT NOT NULL CONSTRAINT cursor_key PRIMARY KEY,
  seq            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX media_waiting ON media (account_id, next_at_ms) WHERE state = 'recorded';

CREATE TABLE ticket_merge (
  merge_id       INTEGER PRIMARY KEY,
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id), -- became part of the other one
  into_ticket_id INTEGER NOT NULL REFERENCES ticket (ticket_id),
  at_ms          INTEGER NOT NULL, -- also of the placements that moved its messages
  status         TEXT NOT NULL CONSTRAINT ticket_merge_status_known
                   CHECK (status IN ('new', 'open', 'pending', 'on_hold', 'solved', 'closed')),
  last_step      TEXT NOT NULL,
  last_step_at_ms INTEGER NOT NULL,
  acknowledgement_due INTEGER NOT NULL CONSTRAINT ticket_merge_acknowledgement_due_bool CHECK (acknowledgement_due IN (0, 1)),
  into_unanswered_agent_at_ms INTEGER, -- of the other one, before it took over
  undone_at_ms   INTEGER
) STRICT;

CREATE UNIQUE INDEX ticket_merge_standing ON ticket_merge (ticket_id) WHERE undone_at_ms IS NULL;

CREATE INDEX offer_by_first_message ON offer (first_message_id) WHERE first_message_id IS NOT NULL;

CREATE TABLE template (
  template_id    INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL DEFAULT '',
  name           TEXT NOT NULL,
  language       TEXT NOT NULL, -- as the provider spells it
  category       TEXT NOT NULL DEFAULT '',
  status         TEXT NOT NULL, -- the provider's word in lower case; 'deleted' also of what its list lacks
  quality        TEXT NOT NULL DEFAULT '',
  reason         TEXT NOT NULL DEFAULT '', -- of a rejection or a pause
  named          INTEGER NOT NULL DEFAULT 0 CONSTRAINT template_named_bool CHECK (named IN (0, 1)),
  components     TEXT NOT NULL DEFAULT '[]', -- JSON array
  listed_at_ms   INTEGER NOT NULL, -- when the provider's list held it last
  changed_at_ms  INTEGER NOT NULL, -- when we learnt of its latest change
  CONSTRAINT template_name_unique UNIQUE (account_id, name, language)
) STRICT;

CREATE INDEX template_by_external ON template (account_id, external_id);

CREATE TABLE template_list (
  account_id     INTEGER NOT NULL CONSTRAINT template_list_key PRIMARY KEY REFERENCES account (account_id),
  synced_at_ms   INTEGER, -- when it was complete last; NULL: never
  tried_at_ms    INTEGER,
  next_at_ms     INTEGER NOT NULL,
  failures       INTEGER NOT NULL DEFAULT 0, -- in a row
  problem        TEXT NOT NULL DEFAULT ''    -- why the latest try failed
) STRICT;

CREATE TABLE outgoing_file (
  attachment_id  INTEGER PRIMARY KEY,
  actor_kind     TEXT NOT NULL,
  actor_id       INTEGER, -- agent_id
  file_name      TEXT NOT NULL,
  mime_type      TEXT NOT NULL, -- as announced
  content_type   TEXT NOT NULL, -- told by the bytes
  sha256         TEXT NOT NULL, -- names the file in the media folder
  size_bytes     INTEGER NOT NULL,
  brought_at_ms  INTEGER NOT NULL,
  message_id     INTEGER REFERENCES message (message_id) -- that it went with; NULL: it waits
, form TEXT NOT NULL DEFAULT '', discarded_at_ms INTEGER, removed_at_ms INTEGER) STRICT;

CREATE INDEX outgoing_file_by_message ON outgoing_file (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE provider_file (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  sha256         TEXT NOT NULL,
  content_type   TEXT NOT NULL,
  external_id    TEXT NOT NULL,
  lives_until_ms INTEGER NOT NULL,
  intent_id      INTEGER NOT NULL REFERENCES intent (intent_id), -- for which it was uploaded
  CONSTRAINT provider_file_key PRIMARY KEY (account_id, sha256, content_type)
) STRICT, WITHOUT ROWID;

CREATE INDEX provider_file_by_intent ON provider_file (intent_id);

CREATE TABLE account_health (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  aspect         TEXT NOT NULL, -- quality, token, subscription, …
  subject        TEXT NOT NULL DEFAULT '', -- which of several: of an alert its kind
  state          TEXT NOT NULL, -- one word, the provider's in lower case or ours
  severity       TEXT NOT NULL CONSTRAINT account_health_severity_known CHECK (severity IN ('ok', 'warning', 'error')),
  cause          TEXT NOT NULL DEFAULT '', -- a sentence for the operator
  next_step      TEXT NOT NULL DEFAULT '', -- what the operator does about it
  until_ms       INTEGER, -- when it ends by itself; of a good token: when it stops being good
  since_ms       INTEGER NOT NULL, -- when it came to be as it is
  told_at_ms     INTEGER NOT NULL, -- of the latest word, by the clock of who told it
  heard_at_ms    INTEGER NOT NULL, -- and by ours
  source         TEXT NOT NULL CONSTRAINT account_health_source_known CHECK (source IN ('webhook', 'check', 'deskbridge')),
  CONSTRAINT account_health_key PRIMARY KEY (account_id, aspect, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_check (
  account_id     INTEGER NOT NULL CONSTRAINT account_check_key PRIMARY KEY REFERENCES account (account_id),
  checked_at_ms  INTEGER, -- when all was asked last; NULL: never
  tried_at_ms    INTEGER,
  next_at_ms     INTEGER NOT NULL,
  with_hook      INTEGER NOT NULL DEFAULT 0 CONSTRAINT account_check_with_hook_bool CHECK (with_hook IN (0, 1)), -- our hook is called too
  failures       INTEGER NOT NULL DEFAULT 0, -- in a row
  problem        TEXT NOT NULL DEFAULT ''    -- why the latest try failed
) STRICT;

CREATE TABLE inbound_hour (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  hour_ms        INTEGER NOT NULL, -- its beginning, UTC
  messages       INTEGER NOT NULL,
  last_at_ms     INTEGER NOT NULL,
  CONSTRAINT inbound_hour_key PRIMARY KEY (account_id, hour_ms)
) STRICT, WITHOUT ROWID;

CREATE TABLE window_walk (
  window_s       INTEGER NOT NULL, -- length of the channel's window
  left_s         INTEGER NOT NULL, -- the mark: what is left of it then
  minute        INTEGER NOT NULL, -- the last one: its window_from_ms
  conversation_id INTEGER NOT NULL, -- and which of those it was; 0: before the first
  CONSTRAINT window_walk_key PRIMARY KEY (window_s, left_s)
) STRICT, WITHOUT ROWID;

CREATE INDEX outgoing_file_waiting ON outgoing_file (brought_at_ms) WHERE message_id IS NULL AND discarded_at_ms IS NULL;

CREATE INDEX outgoing_file_discarded ON outgoing_file (attachment_id) WHERE discarded_at_ms IS NOT NULL AND removed_at_ms IS NULL;

CREATE INDEX outgoing_file_by_content ON outgoing_file (sha256);

CREATE INDEX media_by_content ON media (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE reach (
  account_id INTEGER NOT NULL REFERENCES account (account_id),
  kind       TEXT NOT NULL,
  value      TEXT NOT NULL,
  barrier    TEXT CONSTRAINT reach_barrier_known CHECK (barrier IN ('blocked', 'connection_ended', 'replies_not_allowed')), -- NULL: none
  told_at_ms INTEGER NOT NULL, -- provider's time: what is older changes nothing
  CONSTRAINT reach_unique PRIMARY KEY (account_id, kind, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE "ticket" (
  ticket_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  reference       TEXT NOT NULL CONSTRAINT ticket_reference_unique UNIQUE, -- digits only, with the check digit
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  status          TEXT NOT NULL CONSTRAINT ticket_status_known
                    CHECK (status = 'new' OR status = 'open' OR status = 'pending' OR status = 'on_hold'
                           OR status = 'solved' OR status = 'closed'),
  subject         TEXT NOT NULL DEFAULT '',
  assignee_id     INTEGER REFERENCES agent (agent_id),
  follow_up_of    INTEGER REFERENCES ticket (ticket_id),
  merged_into     INTEGER REFERENCES ticket (ticket_id),
  summary         TEXT NOT NULL DEFAULT '', -- how it was solved, as told to the customer
  opened_at_ms    INTEGER NOT NULL,
  solved_at_ms    INTEGER,
  solved_notice_at_ms INTEGER, -- when the customer was told that it is solved
  last_activity_ms INTEGER NOT NULL, -- latest message of either side
  last_step       TEXT NOT NULL DEFAULT 'received' CONSTRAINT ticket_last_step_known
                    CHECK (last_step = 'received' OR last_step = 'taken_over' OR last_step = 'answered'
                           OR last_step = 'waiting_for_you' OR last_step = 'waiting_for_others' OR last_step = 'solved'
                           OR last_step = 'reopened' OR last_step = 'customer_wrote'),
  last_step_at_ms INTEGER NOT NULL,
  unanswered_agent_at_ms INTEGER, -- an agent's message (no automatic text) that the customer has not answered
  unseen          INTEGER NOT NULL DEFAULT 1 CONSTRAINT ticket_unseen_bool CHECK (unseen IN (0, 1)),
  acknowledged_at_ms INTEGER, -- the acknowledgement of the latest opening was queued
  reopen_count    INTEGER NOT NULL DEFAULT 0,
  version         INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX ticket_by_conversation ON ticket (conversation_id, ticket_id);

CREATE INDEX ticket_unassigned ON ticket (status, last_activity_ms, ticket_id) WHERE assignee_id IS NULL;

CREATE INDEX ticket_assigned ON ticket (status, last_activity_ms, ticket_id) WHERE assignee_id IS NOT NULL;

CREATE INDEX ticket_by_assignee ON ticket (assignee_id, status, last_activity_ms) WHERE assignee_id IS NOT NULL;

CREATE TABLE "message" (
  message_id      INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  ticket_id       INTEGER REFERENCES ticket (ticket_id),
  account_id      INTEGER NOT NULL REFERENCES account (account_id),
  direction       TEXT NOT NULL CONSTRAINT message_direction_known CHECK (direction = 'in' OR direction = 'out' OR direction = 'note'),
  actor_kind      TEXT NOT NULL CONSTRAINT message_actor_kind_known
                    CHECK (actor_kind = 'customer' OR actor_kind = 'agent' OR actor_kind = 'phone_app'
                           OR actor_kind = 'system'),
  actor_id        INTEGER, -- agent_id or contact_id
  class           TEXT CONSTRAINT message_class_known CHECK (class = 'agent' OR class = 'answer' OR class = 'notice'), -- of direction 'out'
  purpose         TEXT NOT NULL DEFAULT '', -- of automatic texts: 'acknowledgement', 'status', 'solved', 'choice', …
  kind            TEXT NOT NULL,
  text            TEXT NOT NULL DEFAULT '',
  details         TEXT NOT NULL DEFAULT '', -- JSON; '' if none
  choice_id       TEXT NOT NULL DEFAULT '',
  external_id     TEXT,
  quoted_external_id TEXT,
  quoted_message_id  INTEGER REFERENCES message (message_id),
  provider_at_ms  INTEGER NOT NULL,
  received_at_ms  INTEGER NOT NULL,
  matter          INTEGER NOT NULL DEFAULT 1 CONSTRAINT message_matter_bool CHECK (matter IN (0, 1)),
  late            INTEGER NOT NULL DEFAULT 0 CONSTRAINT message_late_bool CHECK (late IN (0, 1)),
  command         TEXT NOT NULL DEFAULT '', -- what it was understood as: 'status', 'new', …
  deleted_at_ms   INTEGER,
  edited_at_ms    INTEGER,
  journal_id      INTEGER,
  position        INTEGER, -- of a late one; NULL: message_id * 4194304, after all that came before
  CONSTRAINT message_external_unique UNIQUE (account_id, external_id)
) STRICT;

CREATE INDEX message_by_ticket ON message (ticket_id, message_id);

CREATE INDEX message_inserted ON message (ticket_id, position, message_id) WHERE position IS NOT NULL;

CREATE INDEX message_by_quoted ON message (quoted_message_id) WHERE quoted_message_id IS NOT NULL;

CREATE INDEX message_inserted_in_chat ON message (conversation_id, position, message_id) WHERE position IS NOT NULL;

CREATE TABLE "intent" (
  intent_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id      INTEGER NOT NULL REFERENCES message (message_id),
  conversation_id INTEGER NOT NULL REFERENCES conversation (conversation_id),
  account_id      INTEGER NOT NULL REFERENCES account (account_id),
  ticket_id       INTEGER REFERENCES ticket (ticket_id),
  part            INTEGER NOT NULL DEFAULT 0, -- 0, 1, … of the message it belongs to
  class           TEXT NOT NULL CONSTRAINT intent_class_known CHECK (class = 'agent' OR class = 'answer' OR class = 'notice'),
  state           TEXT NOT NULL CONSTRAINT intent_state_known
                    CHECK (state = 'held' OR state = 'queued' OR state = 'claimed' OR state = 'retry_wait'
                           OR state = 'unknown' OR state = 'kept' OR state = 'accepted' OR state = 'refused'
                           OR state = 'expired' OR state = 'cancelled'),
  state_reason    TEXT NOT NULL DEFAULT '',
  content         TEXT NOT NULL, -- JSON of OutboundContent
  supersedes_key  TEXT, -- of notices: a newer one with this key in the lane replaces an older one that is not on its way
  attempts        INTEGER NOT NULL DEFAULT 0,
  failures        INTEGER NOT NULL DEFAULT 0, -- certain ones in a row: the back-off's exponent
  next_at_ms      INTEGER NOT NULL,
  not_after_ms    INTEGER,
  unknown_since_ms INTEGER,
  external_id     TEXT,
  receipt         TEXT CONSTRAINT intent_receipt_known CHECK (receipt = 'sent' OR receipt = 'delivered' OR receipt = 'read' OR receipt = 'played'),
  receipt_at_ms   INTEGER,
  failed_at_ms    INTEGER, -- a `failed` receipt; beside the rank, never instead of it
  error_code      INTEGER,
  error_title     TEXT NOT NULL DEFAULT '',
  created_at_ms   INTEGER NOT NULL,
  settled_at_ms   INTEGER, error_sentence TEXT NOT NULL DEFAULT '', window_doubted INTEGER NOT NULL DEFAULT 0, file_refusals INTEGER NOT NULL DEFAULT 0, -- nothing more is expected of it; also of unknown answers and notices
  CONSTRAINT intent_part_unique UNIQUE (message_id, part)
) STRICT;

CREATE INDEX intent_lane ON intent (conversation_id, intent_id) WHERE settled_at_ms IS NULL;

CREATE INDEX intent_due ON intent (account_id, conversation_id, next_at_ms) WHERE state IN ('queued', 'retry_wait');

CREATE INDEX intent_next ON intent (next_at_ms) WHERE state IN ('queued', 'retry_wait');

CREATE INDEX intent_open ON intent (state, account_id, intent_id) WHERE settled_at_ms IS NULL;

CREATE INDEX intent_by_external ON intent (account_id, external_id) WHERE external_id IS NOT NULL;

CREATE INDEX intent_by_ticket ON intent (ticket_id, intent_id);

CREATE TABLE "attempt" (
  token          TEXT NOT NULL CONSTRAINT attempt_key PRIMARY KEY,
  intent_id      INTEGER NOT NULL REFERENCES intent (intent_id),
  n              INTEGER NOT NULL,
  epoch          INTEGER NOT NULL REFERENCES epoch (epoch),
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  address_kind   TEXT NOT NULL,
  address_value  TEXT NOT NULL,
  begun_at_ms    INTEGER NOT NULL,
  ended_at_ms    INTEGER,
  outcome        TEXT CONSTRAINT attempt_outcome_known CHECK (outcome = 'accepted' OR outcome = 'not_sent' OR outcome = 'refused' OR outcome = 'unknown'),
  settled_by     TEXT NOT NULL DEFAULT '' CONSTRAINT attempt_settled_by_known
                   CHECK (settled_by = '' OR settled_by = 'answer' OR settled_by = 'receipt'
                           OR settled_by = 'presumption' OR settled_by = 'recovery' OR settled_by = 'agent'),
  external_id    TEXT,
  error_code     INTEGER,
  error_detail   TEXT NOT NULL DEFAULT '',
  CONSTRAINT attempt_n_unique UNIQUE (intent_id, n)
) STRICT;

CREATE INDEX attempt_open ON attempt (token) WHERE outcome IS NULL;

CREATE INDEX attempt_by_external ON attempt (account_id, external_id) WHERE external_id IS NOT NULL;

CREATE INDEX attempt_by_account ON attempt (account_id, intent_id);

CREATE TABLE "journal_contact" (
  journal_id     INTEGER NOT NULL REFERENCES journal (journal_id),
  contact_id     INTEGER NOT NULL REFERENCES contact (contact_id),
  CONSTRAINT journal_contact_key PRIMARY KEY (journal_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX journal_contact_by_contact ON journal_contact (contact_id);

CREATE TABLE marketing_choice (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  contact_id     INTEGER NOT NULL REFERENCES contact (contact_id),
  wanted         INTEGER NOT NULL CONSTRAINT marketing_choice_wanted_bool CHECK (wanted IN (0, 1)),
  source         TEXT NOT NULL CONSTRAINT marketing_choice_source_known CHECK (source IN ('customer', 'refusal')),
  told_at_ms     INTEGER NOT NULL, -- by the provider's clock
  heard_at_ms    INTEGER NOT NULL, -- and by ours
  CONSTRAINT marketing_choice_key PRIMARY KEY (account_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE referral (
  message_id     INTEGER NOT NULL CONSTRAINT referral_key PRIMARY KEY REFERENCES message (message_id),
  source_type    TEXT NOT NULL, -- 'ad', 'post', in the provider's words
  source_id      TEXT NOT NULL,
  source_url     TEXT NOT NULL,
  headline       TEXT NOT NULL,
  body           TEXT NOT NULL
) STRICT;

CREATE TABLE free_entry (
  conversation_id INTEGER NOT NULL CONSTRAINT free_entry_key PRIMARY KEY REFERENCES conversation (conversation_id),
  referred_at_ms INTEGER, -- of the message that our answer is waited for; NULL: none
  answer_within_s INTEGER NOT NULL, -- the channel's, when it was written
  lasts_s        INTEGER NOT NULL,
  until_ms       INTEGER  -- while it lasts, and until its end is told; NULL: it has not begun
) STRICT;

CREATE INDEX free_entry_end ON free_entry (until_ms) WHERE until_ms IS NOT NULL;

CREATE TABLE monthly_cost (
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  month          TEXT NOT NULL, -- '2026-11'
  cost_class     TEXT NOT NULL,
  messages       INTEGER NOT NULL,
  CONSTRAINT monthly_cost_key PRIMARY KEY (account_id, month, cost_class)
) STRICT, WITHOUT ROWID;

CREATE INDEX event_by_ticket ON event (ticket_id, seq)
  WHERE ticket_id IS NOT NULL AND type <> 'message.received' AND type <> 'message.placed';

CREATE INDEX shelf_by_body ON shelf (body_sha256);

CREATE TABLE "echo_mark" (
  ticket_id      INTEGER NOT NULL REFERENCES ticket (ticket_id),
  message_id     INTEGER NOT NULL, -- the echo; its row is gone when this is read
  at_ms          INTEGER NOT NULL, -- of what it left there
  status         TEXT NOT NULL,
  unseen         INTEGER NOT NULL CONSTRAINT echo_mark_unseen_bool CHECK (unseen IN (0, 1)),
  last_step      TEXT NOT NULL,
  last_step_at_ms INTEGER NOT NULL,
  unanswered_agent_at_ms INTEGER,
  last_activity_ms INTEGER NOT NULL,
  timer_due_at_ms INTEGER, -- NULL: no acknowledgement was waiting
  timer_deadline_ms INTEGER,
  timer_detail   TEXT NOT NULL DEFAULT '',
  CONSTRAINT echo_mark_key PRIMARY KEY (ticket_id, message_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_by_conversation ON message (conversation_id, message_id, direction, ticket_id, actor_kind, purpose, command, matter,
  provider_at_ms, received_at_ms) WHERE purpose <> 'history';

CREATE INDEX conversation_by_window ON conversation (window_minute, conversation_id, account_id) WHERE window_minute IS NOT NULL;

CREATE INDEX intent_deadline ON intent (not_after_ms) WHERE state = 'queued' OR state = 'retry_wait' OR state = 'kept';

CREATE TABLE "contact" (
  contact_id     INTEGER PRIMARY KEY,
  name           TEXT NOT NULL DEFAULT '',
  username       TEXT NOT NULL DEFAULT '',
  language       TEXT, -- NULL: the account's default
  language_set_by TEXT NOT NULL DEFAULT 'default' CONSTRAINT contact_language_set_by_known
                   CHECK (language_set_by = 'default' OR language_set_by = 'country' OR language_set_by = 'detected'
                          OR language_set_by = 'customer' OR language_set_by = 'agent'),
  stopped_at_ms  INTEGER, -- opted out of proactive messages
  flagged        TEXT,    -- something agents should know: 'identity_changed', 'number_recycled'
  merged_into    INTEGER REFERENCES contact (contact_id),
  created_at_ms  INTEGER NOT NULL,
  merged_at_ms   INTEGER,
  merged_because TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE "receipt" (
  receipt_id     INTEGER PRIMARY KEY,
  account_id     INTEGER NOT NULL REFERENCES account (account_id),
  external_id    TEXT NOT NULL,
  token          TEXT NOT NULL DEFAULT '',
  intent_id      INTEGER REFERENCES intent (intent_id),
  status         TEXT NOT NULL CONSTRAINT receipt_status_known
                   CHECK (status = 'sent' OR status = 'delivered' OR status = 'read' OR status = 'played' OR status = 'failed'),
  error_code     INTEGER,
  error_title    TEXT NOT NULL DEFAULT '',
  error_sentence TEXT NOT NULL DEFAULT '',
  because        TEXT NOT NULL DEFAULT '' CONSTRAINT receipt_because_known -- of 'failed'
                   CHECK (because = '' OR because = 'message' OR because = 'window_closed' OR because = 'account'
                          OR because = 'opted_out' OR because = 'person' OR because = 'template'),
  provider_at_ms INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  price_category TEXT NOT NULL DEFAULT '',
  price_type     TEXT NOT NULL DEFAULT '',
  billable       INTEGER -- 0, 1; NULL: it does not say
) STRICT;

CREATE INDEX receipt_parked ON receipt (account_id, external_id) WHERE intent_id IS NULL;

CREATE INDEX receipt_parked_age ON receipt (received_at_ms) WHERE intent_id IS NULL;

CREATE INDEX receipt_by_intent ON receipt (intent_id) WHERE intent_id IS NOT NULL;
