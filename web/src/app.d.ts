// The kit's own place for app-wide types; none are needed beyond its defaults.
declare global {
  namespace App {}
}

export {};
