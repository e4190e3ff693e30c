import type { Row } from "./rows.ts";

/** Humans who can sign in, by address. */
export type Humans = Map<string, string>;

/** Names the rows of one clinic while they are made. */
export type Ids = {
  specialistId(key: string): string | undefined;
  inClinic(rows: Row[]): Row[];
  id(): string;
};
