export const CONFIG_MARKS: { readonly begin: string; readonly end: string };
export function configTables(schema: object): string;
