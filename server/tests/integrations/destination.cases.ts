import { describe, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { canary, keys, rows, save, saved } from "./clinic.ts";

export function destinationCases(): void {
  describe("keys belong to their destination (FND-35)", () => {
    const pair = (one: string, two: string) => [
      { field: one, value: `${canary}-user` },
      { field: two, value: `${canary}-${"p".repeat(30)}` },
    ];
    const mail = {
      provider: "smtp",
      settings: { host: "mail.atlas.test", port: 587, sender: "contact@atlas.test" },
      credentials: pair("username", "password"),
    };
    const ses = {
      provider: "ses",
      settings: { region: "eu-central-1", sender: "contact@atlas.test", configurationSet: "one" },
      credentials: pair("accessKeyId", "secretAccessKey"),
    };
    const texts = {
      provider: "twilio",
      settings: { smsSender: "ATLAS" },
      credentials: keys(`AC${"3".repeat(32)}`, "t".repeat(32)),
    };
    const video = {
      provider: "daily",
      settings: { domain: "atlas" },
      credentials: [{ field: "apiKey", value: `${canary}-${"d".repeat(30)}` }],
    };
    let count = 0;
    const stored = async (account: object) => {
      const label = `Bound ${++count}`;
      const { id } = saved(await save("olga", { ...account, label }));
      return { label, id: id as string };
    };

    it.each([
      ["another mail server", mail, { host: "mail.mallory.test" }],
      ["another port", mail, { port: 2525 }],
      ["another sender of mails", mail, { sender: "mallory@mallory.test" }],
      ["another region", ses, { region: "us-east-1" }],
      ["another sender of texts", texts, { smsSender: "MALLORY" }],
      ["a sender that was not there", texts, { whatsappSender: "+40722000111" }],
      ["a setting taken away", texts, { smsSender: null }],
      ["another domain", video, { domain: "mallory" }],
    ])("%s asks for the keys again, and nothing is written", async (_what, account, change) => {
      const { id, label } = await stored(account);
      const input = { ...account, label, integrationId: id, credentials: null };
      const [before] = await rows(`id = '${id}'`);
      const answer = await save("olga", { ...input, settings: { ...account.settings, ...change } });
      expect(refusalOf(answer)).toMatchObject({
        code: "VALIDATION",
        reason: "credentials_required",
        details: { field: "credentials" },
      });
      expect(await rows(`id = '${id}'`)).toEqual([before]);
      // The same settings and another name keep them.
      saved(await save("olga", { ...input, label: `${label}, renamed` }));
      const moved = saved(
        await save("olga", {
          ...input,
          settings: { ...account.settings, ...change },
          credentials: account.credentials,
        }),
      );
      expect(moved.credentialsVersion).toBe(2);
    });

    it("a setting that says nothing of where keys go may change alone", async () => {
      const { id, label } = await stored(ses);
      const input = { ...ses, label, integrationId: id, credentials: null };
      const changed = saved(
        await save("olga", { ...input, settings: { ...ses.settings, configurationSet: "two" } }),
      );
      expect(changed).toMatchObject({ settings: { configurationSet: "two" }, credentialsVersion: 1 });
    });

    it("shows nothing of a password, however long", async () => {
      const { id } = await stored(mail);
      expect((await rows(`id = '${id}'`))[0].last_four).toEqual({ username: "user" });
    });
  });
}
