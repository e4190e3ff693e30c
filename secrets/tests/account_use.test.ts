import { describe, expect, test } from "vitest";
import { CredentialsRefused } from "../../providers/failures.ts";
import { createNoteUse } from "../account_use.ts";

describe("a use of a clinic's own account is noted (FND-23)", () => {
  const noted: unknown[] = [];
  const troubles: unknown[] = [];
  let isDown = false;
  const noteUse = createNoteUse(
    {
      query: async (_sql: string, values?: unknown[]) => {
        if (isDown) throw new Error("down");
        noted.push(values);
        return { rows: [] };
      },
    } as never,
    (error) => troubles.push(error),
  );
  const failing = (error: Error) => noteUse("id", Promise.reject(error)).catch((caught: unknown) => caught);

  test("as taken, as refused, or not at all", async () => {
    expect(await noteUse("id", Promise.resolve("sent"))).toBe("sent");
    expect(noted.splice(0)).toEqual([["id", true]]);
    const refused = new CredentialsRefused("no");
    expect(await failing(refused)).toBe(refused);
    expect(noted.splice(0)).toEqual([["id", false]]);
    const other = new Error("the line is down");
    expect(await failing(other)).toBe(other);
    expect(await noteUse(null, Promise.resolve("sent"))).toBe("sent");
    expect(noted).toEqual([]);
  });
  test("and a note that cannot be written changes nothing", async () => {
    isDown = true;
    expect(await noteUse("id", Promise.resolve("sent"))).toBe("sent");
    expect(await failing(new CredentialsRefused("no"))).toBeInstanceOf(CredentialsRefused);
    expect(troubles).toEqual([new Error("down"), new Error("down")]);
  });
});
