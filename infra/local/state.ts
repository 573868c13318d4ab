import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What the run must not lose between two starts: positions in streams, the clock, queued messages. */
export interface State {
  db: DatabaseSync;
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  close(): void;
}

export function openState(dataDir: string): State {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(dataDir, 'state.sqlite'));
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS message (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL,
      queue TEXT NOT NULL,
      body TEXT NOT NULL,
      attributes TEXT NOT NULL,
      source TEXT,
      sentAt INTEGER NOT NULL,
      visibleAt INTEGER NOT NULL,
      receives INTEGER NOT NULL DEFAULT 0,
      firstReceivedAt INTEGER,
      receipt TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS byQueue ON message (queue, visibleAt);
  `);
  const read = db.prepare('SELECT value FROM kv WHERE key = ?');
  const write = db.prepare('INSERT OR REPLACE INTO kv (key, value) VALUES (?, ?)');
  return {
    db,
    get: (key) => {
      const value = read.get(key)?.value;
      return typeof value === 'string' ? value : undefined;
    },
    set: (key, value) => {
      write.run(key, value);
    },
    close: () => db.close(),
  };
}
