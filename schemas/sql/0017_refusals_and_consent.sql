-- A ban, restrictions and violations stand beside each other: none of them ends another.
UPDATE account_health SET subject = CASE state WHEN 'restricted' THEN 'restriction' WHEN 'violation' THEN 'violation' ELSE 'ban' END,
  until_ms = CASE state WHEN 'violation' THEN told_at_ms + 30 * 86400000 ELSE until_ms END
WHERE aspect = 'standing' AND state IN ('restricted', 'violation', 'disabled', 'to_be_disabled', 'reinstated');

-- Nobody writes to a number that is not configured any more, and nobody wonders.
UPDATE account_health SET state = 'not_watched', severity = 'ok', cause = '', next_step = ''
WHERE aspect = 'silence' AND severity <> 'ok' AND account_id IN (SELECT account_id FROM account WHERE configured = 0);
