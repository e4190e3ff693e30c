import dns from "node:dns";
import { once } from "node:events";
import { createServer } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { TextDelayed } from "../port.ts";
import { tryTwilio } from "../twilio.ts";
import { failureOf, key, messenger, nextText, takenWith, text, vendor } from "./twilio_texts.ts";

export function badLineCases(): void {
  describe("what a bad line does to a text (FND-15, quality: Faults)", () => {
    test.each(["hangs up", "is broken"] as const)(
      "Twilio %s: it is delayed, and nothing was sent",
      async (how) => {
        const sent = nextText();
        vendor.behave(how);
        expect(await failureOf(messenger().send(sent, { key }))).toBeInstanceOf(TextDelayed);
        expect(await takenWith(sent.body)).toEqual([]);
      },
    );

    test.each(["hangs up after", "is silent after", "is broken after"] as const)(
      "Twilio %s taking the text: it is found in the account's list and not sent again",
      async (how) => {
        const sent = nextText();
        vendor.behave(how);
        const { vendorId } = await messenger({ timeoutMs: 500 }).send(sent, { key });
        expect(await takenWith(sent.body)).toMatchObject([{ sid: vendorId }]);
      },
    );

    test("an older text of the same words is not mistaken for one whose line was cut", async () => {
      const sent = nextText();
      await messenger().send(sent, { key });
      await new Promise((resolve) => setTimeout(resolve, 3_100));
      vendor.behave("hangs up");
      expect(await failureOf(messenger().send(sent, { key }))).toBeInstanceOf(TextDelayed);
    });

    test.each([
      [400, 21610, false],
      [400, 21211, false],
      [400, 21617, false],
      [401, 20003, false],
      [400, 21408, false],
      [499, undefined, false],
      [500, undefined, true],
      [399, undefined, true],
    ])("%i with code %j: whether the text was taken is not known: %s", async (status, code, unknown) => {
      const sent = nextText();
      // One of the same words, of this moment: it is what is found by whoever looks.
      const { vendorId } = await messenger().send(sent, { key });
      vendor.behave({ status, ...(code && { code }) });
      const outcome = await messenger()
        .send(sent, { key })
        .catch(() => "not taken");
      expect(outcome).toEqual(unknown ? { vendorId } : "not taken");
    });

    /** A name server that answers with this error once, and then with this machine. */
    const failingOnce = async <T>(code: string, use: (asked: string[]) => Promise<T>) => {
      const asked: string[] = [];
      const { lookup } = dns;
      dns.lookup = ((name: string, _: unknown, callback: (error: unknown, found?: unknown) => void) => {
        asked.push(name);
        if (asked.length === 1) callback(Object.assign(new Error("lookup"), { code }));
        else callback(null, [{ address: "127.0.0.1", family: 4 }]);
      }) as unknown as typeof lookup;
      syncBuiltinESMExports();
      try {
        return await use(asked);
      } finally {
        dns.lookup = lookup;
        syncBuiltinESMExports();
      }
    };

    test.each([
      ["ECONNREFUSED", "twilio ECONNREFUSED"],
      ["ENOTFOUND", "twilio ENOTFOUND"],
      ["EAI_AGAIN", "twilio EAI_AGAIN"],
      ["EHOSTUNREACH", "twilio EHOSTUNREACH"],
      ["ENETUNREACH", "twilio ENETUNREACH"],
      ["of +40722123456", "twilio no answer"],
    ])("%s: what never left is not mistaken for another text of its words", async (code, reason) => {
      const sent = nextText();
      const { vendorId } = await messenger().send(sent, { key });
      const apiUrl = vendor.account.apiUrl?.replace("127.0.0.1", "vendor.test") ?? "";
      const sending = failingOnce(code, (asked) =>
        messenger({ account: { ...vendor.account, apiUrl } })
          .send(sent, { key })
          .catch((error: unknown) => error)
          .then((outcome) => ({ outcome, asked: asked.length })),
      );
      // Of an error that says nothing it is not known, so the list is asked.
      expect(await sending).toEqual(
        reason === "twilio no answer"
          ? { outcome: { vendorId }, asked: 2 }
          : { outcome: new TextDelayed(reason), asked: 1 },
      );
    });

    test("a code is told only where it is one, and Twilio itself is asked where no other server is named", async () => {
      const { apiUrl: _, ...account } = vendor.account;
      vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:9"); // which the SDK would ask instead
      await failingOnce("of +40722123456", async (asked) => {
        await expect(tryTwilio(account)).rejects.toEqual(new TextDelayed("twilio no answer"));
        expect(asked).toEqual(["api.twilio.com"]);
      });
      vi.unstubAllEnvs();
    });

    test("neither a proxy of the environment nor another address in an answer is gone to", async () => {
      for (const name of ["HTTP_PROXY", "http_proxy"]) vi.stubEnv(name, "http://127.0.0.1:9");
      for (const name of ["NO_PROXY", "no_proxy"]) vi.stubEnv(name, "");
      const elsewhere = createServer((request, response) => {
        reached.push(request.url);
        response.end("{}");
      }).listen(0, "127.0.0.1");
      const reached: unknown[] = [];
      await once(elsewhere, "listening");
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
      try {
        await expect(messenger().send(nextText(), { key })).resolves.toBeDefined();
        vendor.behave({ status: 307, location });
        expect(await failureOf(messenger().send(nextText(), { key }))).toEqual(
          new TextDelayed("twilio HTTP 307"),
        );
        expect(reached).toEqual([]);
      } finally {
        vi.unstubAllEnvs();
        elsewhere.closeAllConnections();
        elsewhere.close();
      }
    });

    test("nobody there: it is delayed at once", async () => {
      const account = { ...vendor.account, apiUrl: "http://127.0.0.1:9" };
      expect(await failureOf(messenger({ account }).send(nextText(), { key }))).toEqual(
        new TextDelayed("twilio ECONNREFUSED"),
      );
    });

    test("an answer that trickles in without end is given up in time", async () => {
      vendor.behave("trickles");
      const begun = performance.now();
      const template = { id: "HX0123456789abcdef0123456789abcdef", variables: {} };
      const sending = messenger({ channel: "whatsapp", timeoutMs: 300 }).send({ ...text, template }, { key });
      expect(await failureOf(sending)).toBeInstanceOf(TextDelayed);
      expect(performance.now() - begun).toBeLessThan(1_500);
    });

    test("no number, text, token or key stands in what is thrown, and nothing is printed (FND-28)", async () => {
      vi.stubEnv("TWILIO_LOG_LEVEL", "debug"); // with it the SDK prints requests
      const printed = (["log", "warn", "error", "info", "debug"] as const).map((level) =>
        vi.spyOn(console, level),
      );
      const { accountSid, authToken, apiKey } = vendor.account;
      const secrets = [text.to.slice(1), "Ștefan", authToken, apiKey?.secret ?? "", accountSid];
      const failures = [];
      for (const how of [
        { status: 400, code: 21211 },
        { status: 401, code: 20003 },
        "hangs up",
        "is broken",
      ] as const) {
        vendor.behave(how);
        failures.push(await failureOf(messenger().send(nextText(), { key })));
      }
      const account = { ...vendor.account, apiUrl: "http://127.0.0.1:9" };
      failures.push(await failureOf(messenger({ account }).send(nextText(), { key })));
      const seen = inspect(failures, { depth: 20, showHidden: true });
      expect(failures).toHaveLength(5);
      for (const secret of secrets) expect(seen).not.toContain(secret);
      for (const level of printed) expect(level).not.toHaveBeenCalled();
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    });
  });
}
