/** The log as the public API shows it (`sanbian.ledger.v1`). Entries are canonical JSON text. */
import type { components } from '../api/schema';

type Schemas = components['schemas'];

export type LogEntry = Schemas['LogEntry'];
export type LogEntries = Schemas['LogEntries'];
export type LogCheckpoint = Schemas['LogCheckpoint'];
/** The wire's messages may lack their parts; a proof never does. */
export type LogInclusion = Omit<Schemas['LogInclusion'], 'entry' | 'checkpoint'> & { entry: LogEntry; checkpoint: LogCheckpoint };
