import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import {
  api,
  as,
  canary,
  keys,
  mine,
  objects,
  rows,
  save,
  saved,
  shown,
  test,
  tested,
  twilio,
} from "./clinic.ts";

export function testingCases(): void {
  describe("testIntegration (FND-23)", () => {
    it("asks Twilio, and records that it takes the keys", async () => {
      const { id } = saved(await save("olga", { label: "Good Twilio", credentials: mine() }));
      expect(tested(await test("olga", id))).toMatchObject({
        passed: true,
        reason: null,
        hint: null,
        organizationIntegration: { id, lastTestPassed: true, lastTestReason: null },
      });
      expect(await twilio.taken()).toEqual([]);
    });

    it("asks Twilio, and records that it does not", async () => {
      const { id } = saved(
        await save("olga", {
          label: "Bad Twilio",
          credentials: keys(twilio.account.accountSid, `${canary}0000`),
        }),
      );
      const answer = await test("olga", id);
      expect(tested(answer)).toMatchObject({
        passed: false,
        reason: "credentials_refused",
        hint: expect.stringContaining("nu acceptă"),
        organizationIntegration: {
          lastTestPassed: false,
          lastTestReason: "credentials_refused",
          status: "ACTIVE",
        },
      });
      expect(answer.text).not.toContain(canary);
    });

    it("asks an S3: keys, bucket and address", async () => {
      const { bucket, region, endpoint, credentials } = objects.settings;
      const { accessKeyId, secretAccessKey } = credentials as {
        accessKeyId: string;
        secretAccessKey: string;
      };
      // The platform does not offer a clinic's own bucket by default.
      const s3 = { provider: "s3", settings: { bucket, region, endpoint } };
      const pair = (secret: string) => [
        { field: "accessKeyId", value: accessKeyId },
        { field: "secretAccessKey", value: secret },
      ];
      expect(refusalOf(await save("olga", { ...s3, credentials: pair(secretAccessKey) })).reason).toBe(
        "provider_not_offered",
      );
      const offer = await as(
        "root",
        `mutation { setPlatformProvider(input: {capability: "storage", provider: "s3", isOffered: true, isDefault: true,
           hasPlatformAccount: true}) { platformServiceProvider { isOffered } } }`,
      );
      expect(offer.body.data.setPlatformProvider.platformServiceProvider).toEqual({ isOffered: true });

      const outcome = async (label: string, settings: object, secret = secretAccessKey) => {
        const { id } = saved(
          await save("olga", {
            ...s3,
            label,
            settings: { ...s3.settings, ...settings },
            credentials: pair(secret),
          }),
        );
        return tested(await test("olga", id)).reason;
      };
      expect(await outcome("Bucket", {})).toBeNull();
      expect(await outcome("Bad keys", {}, `${canary}${canary}`)).toBe("credentials_refused");
      expect(await outcome("No bucket", { bucket: "nothing-there" })).toBe("bucket_not_found");
      expect(await outcome("Nowhere", { endpoint: "http://127.0.0.1:9" })).toBe("unreachable");
      expect(await outcome("Inside", { endpoint: "http://169.254.169.254" })).toBe("address_not_allowed");
      expect(await outcome("Behind", { endpoint: "https://10.1.2.3" })).toBe("address_not_allowed");
    });

    it("says so where nobody wrote the adapter yet", async () => {
      const { id } = saved(
        await save("olga", {
          provider: "stripe",
          label: "Cards",
          settings: {},
          credentials: [
            { field: "secretKey", value: `sk_test_${"s".repeat(32)}` },
            { field: "webhookSecret", value: `whsec_${"w".repeat(32)}` },
          ],
        }),
      );
      expect(refusalOf(await test("olga", id))).toMatchObject({
        code: "CAPABILITY_NOT_BUILT",
        reason: "test_not_built",
        details: { provider: "stripe" },
      });
    });

    it("finds that somebody laid another integration's keys there, and never uses them", async () => {
      const { id } = saved(await save("olga", { label: "Victim", credentials: mine() }));
      await api.sql(
        `update app_public.organization_integrations set credentials =
           (select credentials from app_public.organization_integrations where label = 'Good Twilio') where id = $1`,
        [id],
      );
      expect(tested(await test("olga", id))).toMatchObject({
        passed: false,
        reason: "credentials_unreadable",
      });
    });
  });

  describe("a clinic's account whose keys the vendor refuses (FND-23)", () => {
    it("is disabled at the fifth refusal in a row, says so, and is enabled after a test that passed", async () => {
      const { id } = saved(
        await save("olga", {
          label: "Ailing",
          credentials: keys(twilio.account.accountSid, "wrong".repeat(4)),
        }),
      );
      const enable = () =>
        as(
          "olga",
          `mutation ($id: UUID!) { enableIntegration(input: {integrationId: $id}) { organizationIntegration { ${shown} } } }`,
          { id: id },
        );
      for (const ok of [false, false, false, false, true, false, false, false, false]) {
        await api.sql("select app_hidden.record_integration_result($1, $2)", [id, ok]);
      }
      expect(await rows(`id = '${id}'`)).toMatchObject([{ status: "active", consecutive_auth_failures: 4 }]);
      await api.sql("select app_hidden.record_integration_result($1, false)", [id]);
      expect(await rows(`id = '${id}'`)).toMatchObject([
        { status: "disabled", disabled_reason: "credentials_refused" },
      ]);
      expect(
        await api.sql(
          "select name, payload from app_private.events where subject_id = $1 order by position desc limit 1",
          [id],
        ),
      ).toEqual([{ name: "integration.disabled", payload: { reason: "credentials_refused" } }]);

      expect(refusalOf(await enable())).toMatchObject({ code: "STATE", reason: "test_must_pass_first" });
      expect(tested(await test("olga", id)).passed).toBe(false);
      expect(refusalOf(await enable()).reason).toBe("test_must_pass_first");
      saved(await save("olga", { integrationId: id, label: "Ailing", credentials: mine() }));
      expect(refusalOf(await enable()).reason).toBe("test_must_pass_first");
      expect(tested(await test("olga", id)).passed).toBe(true);
      const { body } = await enable();
      expect(body.data.enableIntegration.organizationIntegration).toMatchObject({
        status: "ACTIVE",
        disabledReason: null,
        consecutiveAuthFailures: 0,
      });
    });
  });

  describe("an account that is changed while the vendor is asked (FND-23)", () => {
    it("is not tested, whatever the vendor then says", async () => {
      const { bucket, region } = objects.settings;
      const asked = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<void>();
      const vendor = createServer(async (_, response) => {
        asked.resolve();
        await answer.promise;
        response.end();
      }).listen(0, "127.0.0.1");
      await once(vendor, "listening");
      const account = {
        provider: "s3",
        label: "Slow",
        settings: { bucket, region, endpoint: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}` },
      };
      const pair = [
        { field: "accessKeyId", value: "AKIAEXAMPLE" },
        { field: "secretAccessKey", value: "example".repeat(4) },
      ];
      try {
        const { id } = saved(await save("olga", { ...account, credentials: pair }));
        const late = test("olga", id);
        await asked.promise;
        const { body } = await as(
          "olga",
          `mutation ($id: UUID!) { disableIntegration(input: {integrationId: $id}) { organizationIntegration { status } } }`,
          { id: id },
        );
        expect(body.data.disableIntegration.organizationIntegration.status).toBe("DISABLED");
        answer.resolve();
        expect(refusalOf(await late)).toMatchObject({ code: "CONFLICT", reason: "changed_during_test" });
        expect(await rows(`id = '${id}'`)).toMatchObject([{ last_tested_at: null, status: "disabled" }]);
        expect(tested(await test("olga", id))).toMatchObject({ passed: true });
      } finally {
        answer.resolve();
        vendor.close();
      }
    });
  });
}
