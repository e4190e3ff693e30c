import pg from "pg";
import { turnsInDatabase } from "../turns.ts";

/** A process that takes a turn, says so, and never ends it: URL of the database. */
const [connectionString] = process.argv.slice(2);
await turnsInDatabase(new pg.Pool({ connectionString, max: 1 }))("fgo", 0, async () => {
  process.send?.("mine");
  await new Promise(() => setInterval(() => {}, 1_000));
});
