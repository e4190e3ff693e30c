import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import twilio from "twilio";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../runtime/config_error.ts";
import { mailboxAccount } from "../../mailbox/account.ts";
import { messageVerifiers } from "../messages.ts";
import { topic } from "./sns_topic.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "webhooks-"));
afterAll(() => rmSync(dataDir, { recursive: true }));
const doors = (env: NodeJS.ProcessEnv) => messageVerifiers(env).map(({ provider }) => provider);

describe("a vendor that is not used has no door (FND-25)", () => {
  test("without any setting the embedded mailbox may call, in production nobody", () => {
    expect(doors({ DATA_DIR: dataDir })).toEqual(["twilio"]);
    expect(doors({ APP_MODE: "production" })).toEqual([]);
  });

  test("topics open the door for SES", () => {
    expect(doors({ APP_MODE: "production", SES_SNS_TOPIC_ARNS: topic })).toEqual(["ses"]);
    expect(doors({ APP_MODE: "production", SES_SNS_TOPIC_ARNS: ` ${topic} , ${topic}2` })).toEqual(["ses"]);
  });

  test.each(["nonsense", "arn:aws:sqs:eu-central-1:123456789012:q", `${topic},`])(
    "%s is told in one line",
    (SES_SNS_TOPIC_ARNS) => {
      expect(() => messageVerifiers({ APP_MODE: "production", SES_SNS_TOPIC_ARNS })).toThrow(
        new ConfigError(
          "SES_SNS_TOPIC_ARNS must be ARNs of SNS topics (arn:aws:sns:…), separated by commas.",
        ),
      );
    },
  );

  test("a clinic's own account opens the door for Twilio, by its own token and at its own address", async () => {
    const asked: string[] = [];
    const env = { APP_MODE: "production", PUBLIC_URL: "https://api.clinic.test/" };
    const [twilioDoor] = messageVerifiers(env, async (integrationId, provider) => {
      asked.push(`${integrationId} ${provider}`);
      return integrationId === "theirs" ? { authToken: "0123456789abcdef" } : null;
    });
    const ask = (integrationId: string | null, token: string) => {
      const url = `https://api.clinic.test/v1/webhooks/twilio/${integrationId}`;
      const fields = { MessageSid: `SM${"0".repeat(32)}`, SmsStatus: "received" };
      const headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": twilio.getExpectedTwilioSignature(token, url, fields),
      };
      const rawBody = Buffer.from(new URLSearchParams(fields).toString());
      return twilioDoor
        ?.verify({ rawBody, headers, url, integrationId })
        .catch((error: Error) => error.message);
    };
    expect(await ask("theirs", "0123456789abcdef")).toMatchObject({ type: "message.received" });
    expect(await ask("nobodys", "0123456789abcdef")).toBe("signature_invalid");
    expect(asked).toEqual(["theirs twilio", "nobodys twilio"]);
    // The platform has no account here.
    expect(await ask(null, "0123456789abcdef")).toBe("signature_invalid");
    expect(asked).toHaveLength(2);
  });

  test("the platform's account signs by its own token", async () => {
    const [twilioDoor] = messageVerifiers({ DATA_DIR: dataDir });
    const { authToken } = mailboxAccount({ DATA_DIR: dataDir });
    const url = "http://localhost:4000/v1/webhooks/twilio";
    const fields = { MessageSid: `SM${"0".repeat(32)}`, MessageStatus: "sent" };
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": twilio.getExpectedTwilioSignature(authToken, url, fields),
    };
    const rawBody = Buffer.from(new URLSearchParams(fields).toString());
    expect(await twilioDoor?.verify({ rawBody, headers, url, integrationId: null })).toMatchObject({
      type: "message.sent",
    });
  });
});
