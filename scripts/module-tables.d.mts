interface Marks {
  readonly begin: string;
  readonly end: string;
}

export function withTables(page: string, tables: string, marks?: Marks): string;
export function moduleTables(folder: string, schema: object): Promise<string>;
