/** The log as the public API shows it (`sanbian.ledger.v1`). */
export interface LogEntry {
  index: number;
  /** Canonical JSON. */
  entry: string;
  leaf_hash: string;
}

export interface LogEntries {
  items: LogEntry[];
  next_cursor?: string | null;
}

export interface LogCheckpoint {
  size: number;
  root: string;
  note: string;
  vkey: string;
}

export interface LogInclusion {
  entry: LogEntry;
  hashes: string[];
  checkpoint: LogCheckpoint;
  /** A file to keep (C2SP tlog-proof). */
  proof: string;
}
