/** What can be told of a bank account while it is typed. */
export const accountDigits = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '');

/** 8 to 32 digits, as the registry takes them. */
export const isAccount = (typed: string): boolean => /^\d{8,32}$/.test(accountDigits(typed));
