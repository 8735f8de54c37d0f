-- What an intent was tried once more for: a window that is open by our clock, a file that was uploaded anew.
ALTER TABLE intent ADD COLUMN window_doubted INTEGER NOT NULL DEFAULT 0; -- 0, 1
ALTER TABLE intent ADD COLUMN file_refusals INTEGER NOT NULL DEFAULT 0;
