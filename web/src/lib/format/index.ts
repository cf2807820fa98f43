export * from './decimal';
export * from './money';
export * from './capitals';
export * from './price';
export * from './area';
export * from './time';
