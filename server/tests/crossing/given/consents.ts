/** Consents and notices. */

import type { World } from "../world.ts";
import { type Given, id, type Making, ofAtlas } from "./making.ts";

export const ofConsents: Record<string, Making> = {
  publishConsentVersion: ofAtlas({ purpose: "treatment_specific_atlas", inForceFrom: undefined }),
  publishPrivacyNotice: ofAtlas({ sections: [] }),
  overrideConsent: async (world) => ({ ...(await treatmentOfAna(world)), ...(await ofAtlas({})(world)) }),
  withdrawConsent: treatmentOfAna,
};

async function treatmentOfAna(world: World): Promise<Given> {
  const patientId = await id(world, "select tests.id('ana at atlas') as id");
  return { patientId, purpose: "treatment_specific_atlas" };
}
