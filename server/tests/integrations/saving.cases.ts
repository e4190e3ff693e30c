import { describe, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { api, as, canary, keys, mine, misplaced, rows, save, saved, state } from "./clinic.ts";

export function savingCases(): void {
  describe("saveIntegration (FND-23)", () => {
    it("seals the keys before SQL sees them, and shows the last four", async () => {
      const [sid, token] = [`AC${"1".repeat(32)}`, `${canary}-abcd`];
      const answer = await save("olga", {
        label: "Mesaje",
        settings: { smsSender: "ATLAS" },
        credentials: keys(sid, token),
      });
      expect(saved(answer)).toMatchObject({
        provider: "twilio",
        label: "Mesaje",
        settings: { smsSender: "ATLAS" },
        lastFour: { accountSid: "1111", authToken: "abcd" },
        status: "ACTIVE",
        credentialsVersion: 1,
      });
      const [row] = await rows("label = 'Mesaje'");
      expect(row.credentials.subarray(0, 4).toString("latin1")).toBe("RXE\x02");
      expect(row.credentials.includes(canary)).toBe(false);
      expect(await api.sql("select name from app_private.events where subject_id = $1", [row.id])).toEqual([
        { name: "integration.added" },
      ]);
    });

    it("changes name and settings and keeps the keys, or takes new ones", async () => {
      const { id } = saved(await save("adrian", { label: "To change", credentials: mine() }));
      const [before] = await rows(`id = '${id}'`);
      const renamed = saved(await save("adrian", { integrationId: id, label: "Changed" }));
      expect(renamed).toMatchObject({ id, label: "Changed", credentialsVersion: 1 });
      const [kept] = await rows(`id = '${id}'`);
      expect(kept.credentials).toEqual(before.credentials);
      const again = saved(
        await save("adrian", {
          integrationId: id,
          label: "Changed",
          credentials: keys(`AC${"2".repeat(32)}`, "x".repeat(20)),
        }),
      );
      expect(again).toMatchObject({
        lastFour: { accountSid: "2222", authToken: "xxxx" },
        credentialsVersion: 2,
      });
    });

    it("shows nothing of a key that is too short to show some of it", async () => {
      const { lastFour } = saved(
        await save("olga", {
          label: "Short",
          credentials: keys("AC12".padEnd(19, "0"), "a-password-of-19-ch"),
        }),
      );
      expect(lastFour).toEqual({});
    });

    it.each([
      ["an unknown provider", { provider: "pigeon" }, "provider_not_offered", "provider"],
      ["one that the platform does not offer", { provider: "web_push" }, "provider_not_offered", "provider"],
      [
        "an unknown key",
        { credentials: [{ field: "pin", value: canary }] },
        "credential_unknown",
        "credentials.pin",
      ],
      [
        "a key twice",
        { credentials: [...keys("AC1", canary), { field: "authToken", value: canary }] },
        "credential_unknown",
        "credentials.authToken",
      ],
      [
        "a missing key",
        { credentials: [{ field: "accountSid", value: canary }] },
        "credential_missing",
        "credentials.authToken",
      ],
      ["no keys at all", { credentials: null }, "credential_missing", "credentials.accountSid"],
      ["an empty key", { credentials: keys("AC1", "   ") }, "credential_invalid", "credentials.authToken"],
      [
        "a key with a tab in it",
        { credentials: keys("AC1", `${canary}\t1`) },
        "credential_invalid",
        "credentials.authToken",
      ],
      [
        "an endless key",
        { credentials: keys("AC1", "x".repeat(5_000)) },
        "credential_invalid",
        "credentials.authToken",
      ],
      ["an unknown setting", { settings: { color: misplaced } }, "setting_invalid", "settings.color"],
      [
        "a setting of another kind",
        { settings: { whatsappSender: misplaced } },
        "setting_invalid",
        "settings.whatsappSender",
      ],
      [
        "a setting that is an object",
        { settings: { smsSender: { a: misplaced } } },
        "setting_invalid",
        "settings.smsSender",
      ],
      ["settings that are a word", { settings: misplaced }, "field_invalid", "settings"],
      ["settings that are a number", { settings: 5 }, "field_invalid", "settings"],
    ])(
      "refuses %s, naming the field and not the value, and writes nothing",
      async (_what, input, reason, field) => {
        const before = await state();
        const answer = await save("olga", { label: "Never", credentials: mine(), ...input });
        expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason, details: { field } });
        expect(answer.text).not.toMatch(/canary/);
        expect(await rows("label = 'Never'")).toEqual([]);
        // The clinic's data key may have been made on the way; nothing else is.
        const { "app_private.data_keys": _, ...after } = await state();
        expect(before).toMatchObject(after);
      },
    );

    it("refuses a second one of the same name, a blank name, and settings that are no object", async () => {
      saved(await save("olga", { label: "Twice", credentials: mine() }));
      expect(refusalOf(await save("olga", { label: "TWICE", credentials: mine() }))).toMatchObject({
        code: "CONFLICT",
        reason: "already_exists",
      });
      expect(refusalOf(await save("olga", { label: " ", credentials: mine() })).code).toBe("VALIDATION");
      expect(refusalOf(await save("olga", { label: "List", settings: [1], credentials: mine() })).code).toBe(
        "VALIDATION",
      );
    });

    it("does not repeat a key that was put where it does not belong", async () => {
      for (const input of [
        { organizationId: canary },
        { integrationId: canary },
        { credentials: { authToken: canary } },
        { credentials: [{ field: "authToken", value: { a: canary } }] },
        { [canary.replaceAll("-", "_")]: 1 },
        { label: { a: canary } },
      ]) {
        const answer = await save("olga", input);
        expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
        expect(answer.text).not.toContain(canary);
      }
      const literal = await as(
        "olga",
        `mutation { saveIntegration(input: {organizationId: "${canary}", provider: 5, label: canary_secret_4f1d9c7a}) { query { id } } }`,
      );
      expect(literal.text).not.toMatch(/canary/);
      expect(refusalOf(literal).code).toBe("GRAPHQL_VALIDATION");
    });
  });
}
