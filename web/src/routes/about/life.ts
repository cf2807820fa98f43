/** The steps of a lot's life as the picture and the list below it show them. */
import { about } from '$lib/i18n/catalogue/about';

type Key = keyof typeof about.catalogue;

export interface LifeStep {
  name: Key;
  text: Key;
  phase: Key;
  /** The way off the path at this step. */
  exit?: Key;
}

export const LIFE: readonly LifeStep[] = [
  { name: 's1', text: 'd1', phase: 'phase1' },
  { name: 's2', text: 'd2', phase: 'phase1' },
  { name: 's3', text: 'd3', phase: 'phase2', exit: 'exitReturned' },
  { name: 's4', text: 'd4', phase: 'phase2', exit: 'exitReturned' },
  { name: 's5', text: 'd5', phase: 'phase3' },
  { name: 's6', text: 'd6', phase: 'phase3', exit: 'exitUnsold' },
  { name: 's7', text: 'd7', phase: 'phase3', exit: 'exitUnsold' },
  { name: 's8', text: 'd8', phase: 'phase3' },
  { name: 's9', text: 'd9', phase: 'phase4', exit: 'exitDefaulted' },
  { name: 's10', text: 'd10', phase: 'phase4', exit: 'exitDefaulted' },
  { name: 's11', text: 'd11', phase: 'phase4' }
];

/** The phases in order, each with where it begins and how many steps it has. */
export const PHASES = LIFE.reduce<{ name: Key; from: number; count: number }[]>((phases, step, index) => {
  const last = phases.at(-1);
  if (last?.name === step.phase) last.count += 1;
  else phases.push({ name: step.phase, from: index, count: 1 });
  return phases;
}, []);
