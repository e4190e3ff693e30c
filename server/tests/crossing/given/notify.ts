/** Messages. */
import { type Making, ofAtlas } from "./making.ts";

export const ofNotify: Record<string, Making> = {
  editMessageTemplate: async () => ({ title: null }),
  restoreMessageTemplate: ofAtlas({ channel: "EMAIL" }),
  liftSuppression: async (world) => {
    const address = "bounced@people.test";
    await world.api.sql(
      `update app_public.messages set address = $1, recipient_email = $1
       where id = (select id from app_public.messages where organization_id = tests.id('atlas') and channel = 'email' limit 1)`,
      [address],
    );
    await world.api.sql(
      `insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
       values (tests.id('atlas'), 'email', $1, 'bounce')`,
      [address],
    );
    return ofAtlas({ channel: "EMAIL", address })(world);
  },
  replayWebhook: async () => ({ provider: "clerk", eventId: "msg_fixture" }),
  setNotificationPreference: async () => ({ patientProfileId: undefined }),
};
