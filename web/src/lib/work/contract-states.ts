/** The states of a contract, in words and tone. */
import { contracts as t } from '../i18n/catalogue/work-contracts';

export type Tone = 'idle' | 'info' | 'accent' | 'good' | 'warn' | 'bad';

export const CONTRACT_STATES = ['drawn', 'signing', 'signed', 'settled', 'defaulted', 'terminated'] as const;

const TONES: Record<string, Tone> = { drawn: 'idle', signing: 'accent', signed: 'info', settled: 'good', defaulted: 'bad', terminated: 'bad' };

export const contractTone = (state: string): Tone => TONES[state] ?? 'idle';

export const contractWords = (state: string): string => ((CONTRACT_STATES as readonly string[]).includes(state) ? t(state as 'drawn') : state);
