import { describe, expect, it } from "vitest";
import { type Answer, type Json, refusalOf, type TestApi } from "./support.ts";

/** What these cases need of the test that runs them: its API, somebody who asks, and the clinic. */
export type Onboarding = {
  api: TestApi;
  clinic: string;
  /** Somebody with an account who is no patient yet; a visitor under a name that nobody has. */
  as(who: string, query: string, variables?: object): Promise<Answer>;
};

const JOIN = `mutation ($input: JoinClinicInput!) {
  joinClinic(input: $input) { patient { profileCompletedAt missingFields patientProfile { givenName email } } } }`;
const REQUEST = `mutation ($input: RequestProfileClaimInput!) {
  requestProfileClaim(input: $input) { profileClaim { id isClaimed attemptsLeft } } }`;
const CONFIRM = `mutation ($input: ConfirmProfileClaimInput!) {
  confirmProfileClaim(input: $input) { profileClaim { isClaimed attemptsLeft } } }`;

const answered = (answer: Answer): Json => {
  expect(answer.body.errors, answer.text).toBeUndefined();
  return answer.body.data;
};

export function onboardingCases(asked: () => Onboarding): void {
  const terms = async (who = "nobody"): Promise<Json[]> => {
    const { as, clinic } = asked();
    const query =
      "query ($clinic: UUID!) { clinicTerms(organizationId: $clinic) { nodes { id purposeCode titleRo } } }";
    return answered(await as(who, query, { clinic })).clinicTerms.nodes;
  };

  describe("signing up at a clinic (FND-32)", () => {
    it("shows its terms to a visitor, and to nobody those of a clinic that is not open", async () => {
      expect((await terms()).map(({ purposeCode }) => purposeCode)).toEqual(["platform_terms", "org_terms"]);
    });

    it("asks for them, and makes whoever accepts a patient", async () => {
      const { as, clinic } = asked();
      const input = {
        organizationId: clinic,
        givenName: "Mallory",
        familyName: "Ene",
        birthDate: "1990-01-01",
      };
      const join = (acceptedVersionIds: string[]) =>
        as("mallory", JOIN, { input: { ...input, acceptedVersionIds } });
      expect(refusalOf(await join([]))).toMatchObject({
        code: "CONSENT_REQUIRED",
        reason: "terms_not_accepted",
        details: { missing: [{ purpose: "org_terms" }, { purpose: "platform_terms" }] },
      });
      const accepted = (await terms("mallory")).map(({ id }) => id);
      expect(answered(await join(accepted)).joinClinic.patient).toEqual({
        profileCompletedAt: null,
        missingFields: ["phone"],
        patientProfile: { givenName: "Mallory", email: "mallory@people.test" },
      });
    });
  });

  describe("claiming a profile by a code (FND-32)", () => {
    it("counts wrong codes, takes the right one, and keeps it out of the log", async () => {
      const { api, as, clinic } = asked();
      await api.sql(
        `insert into app_public.patient_profiles (given_name, family_name, phone) values ('Nora', 'Veche', '+40722777888');
         insert into app_public.patients (organization_id, patient_profile_id)
         select '${clinic}', id from app_public.patient_profiles where family_name = 'Veche'`,
      );
      const who = { organizationId: clinic, contact: "0722 777 888", givenName: "Nora", familyName: "Veche" };
      const { profileClaim } = answered(await as("nora", REQUEST, { input: who })).requestProfileClaim;
      expect(profileClaim).toMatchObject({ isClaimed: false, attemptsLeft: 5 });
      const elsewhere = await as("nora", REQUEST, { input: { ...who, contact: "0722 777 999" } });
      expect(answered(elsewhere).requestProfileClaim.profileClaim).toMatchObject({
        isClaimed: false,
        attemptsLeft: 5,
      });

      const [{ code }] = await api.sql(
        `select left_with.data ->> 'code' as code
         from app_public.messages cross join lateral app_private.claim_message(messages.id) as left_with
         where template_key = 'profile_claim_code'`,
      );
      const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
      const accepted = (await terms("nora")).map(({ id }) => id);
      const confirm = async (typed: string) => {
        const input = {
          claimId: profileClaim.id,
          code: typed,
          acceptedVersionIds: accepted,
          birthDate: "1950-01-09",
        };
        return answered(await as("nora", CONFIRM, { input })).confirmProfileClaim.profileClaim;
      };
      expect(await confirm(wrong)).toEqual({ isClaimed: false, attemptsLeft: 4 });
      expect(await confirm(wrong)).toEqual({ isClaimed: false, attemptsLeft: 3 });
      expect(await confirm(code)).toMatchObject({ isClaimed: true });
      const mine = answered(await as("nora", "{ patientProfiles { nodes { familyName } } }"));
      expect(mine.patientProfiles.nodes).toContainEqual({ familyName: "Veche" });
      expect(api.logs()).toContain('"path":"/graphql"');
      expect(api.logs()).not.toMatch(new RegExp(`\\b${code}\\b`));
    });
  });
}
