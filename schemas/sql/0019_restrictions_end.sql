-- Restrictions that were told before their end was kept: as those of which no end is told, they are over after thirty days.
UPDATE account_health SET until_ms = told_at_ms + 30 * 86400000
WHERE aspect = 'standing' AND subject = 'restriction' AND severity <> 'ok' AND until_ms IS NULL;
