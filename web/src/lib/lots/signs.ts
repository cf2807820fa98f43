/** Line drawings of the categories of rights, on a 96 × 96 grid. */
const FIELD = 'M10 74h76M18 74 40 34M36 74 46 34M60 74 50 34M78 74 56 34M10 34h76M66 22a7 7 0 1 0 14 0 7 7 0 0 0-14 0';
const TREE = 'M48 82V52M48 64l12-10M48 14 26 44h12L22 62h52L58 44h12Z';
const WATER = 'M12 44c9-9 18-9 24 0s15 9 24 0 18-9 24 0M12 60c9-9 18-9 24 0s15 9 24 0 18-9 24 0M12 76c9-9 18-9 24 0s15 9 24 0 18-9 24 0M40 26c6-8 18-8 24 0-6 8-18 8-24 0ZM64 26l8-6v12Z';
const BUILDING = 'M16 80V40l32-20 32 20v40ZM12 80h72M40 80V60h16v20M28 48h8M60 48h8M44 40h8';
const HOUSE = 'M14 48 48 20l34 28M22 44v36h52V44M40 80V60h16v20';
const MACHINE = 'M22 66a14 14 0 1 0 28 0 14 14 0 0 0-28 0M64 72a8 8 0 1 0 16 0 8 8 0 0 0-16 0M30 52V30h22l8 24h18v12M50 66h14';
const PIPE = 'M10 40h40v16H10ZM50 36h8v24h-8M58 44h18v16M70 66c0 5 6 8 6 8s6-3 6-8-6-12-6-12-6 7-6 12Z';
const SHARE = 'M48 16a32 32 0 1 0 32 32H48ZM58 12a28 28 0 0 1 26 26H58Z';
const PLAN = 'M20 16h40l16 16v48H20ZM60 16v16h16M32 44h32M32 56h32M32 68h20';

const SIGNS: Record<string, string> = {
  'contracted-land': FIELD,
  'collective-land': FIELD,
  'four-wastes': 'M8 74 34 28l16 26 12-18 26 38ZM30 36l6 4 4-4',
  forest: TREE,
  water: WATER,
  'operating-asset': BUILDING,
  'construction-land': BUILDING,
  'homestead-use': HOUSE,
  equipment: MACHINE,
  irrigation: PIPE,
  equity: SHARE,
  ip: PLAN,
  project: PLAN
};

/** The drawing of a category. */
export function signOf(category: string | null | undefined): string {
  return SIGNS[category ?? ''] ?? PLAN;
}
