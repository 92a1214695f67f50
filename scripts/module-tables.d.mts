export function withTables(readme: string, tables: string): string;
export function moduleTables(folder: string): Promise<string>;
