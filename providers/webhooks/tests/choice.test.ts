import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "../../../server/config.ts";
import { messageVerifiers } from "../messages.ts";
import { topic } from "./sns_topic.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "webhooks-"));
afterAll(() => rmSync(dataDir, { recursive: true }));
const doors = (env: NodeJS.ProcessEnv) => messageVerifiers(env).map(({ provider }) => provider);

describe("a vendor that is not used has no door (FND-25)", () => {
  test("without any setting the embedded outbox may call, in production nobody", () => {
    expect(doors({ DATA_DIR: dataDir })).toEqual(["twilio"]);
    expect(doors({ APP_MODE: "production" })).toEqual([]);
  });

  test("topics open the door for SES", () => {
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
});
