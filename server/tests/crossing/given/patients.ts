/** Patients. */
import { accepting, id, type Making, ofAtlas, registered } from "./making.ts";

export const ofPatients: Record<string, Making> = {
  // An address is proved, which is asked for elsewhere.
  updatePatientProfile: async () => ({ email: undefined }),
  mergePatients: async (world) => ({
    patientId: await id(world, "select tests.id('carmen at atlas') as id"),
    duplicateId: (await registered(world)).patientId,
  }),
  joinClinic: accepting({ patientProfileId: undefined }),
  enrollChild: accepting({ birthDate: `${new Date().getFullYear() - 5}-01-01`, relationship: "PARENT" }),
  requestProfileClaim: ofAtlas({ contact: "0722000444" }),
  confirmProfileClaim: async (world) => {
    const { profileId } = await registered(world);
    const claimId = await id(
      world,
      `with code as (
         insert into app_private.codes (organization_id, salt, digest, expires_at)
         select tests.id('atlas'), salt, app_private.code_digest('123456', salt), now() + interval '10 minutes'
         from extensions.gen_salt('bf', 9) as salt
         returning organization_id, id
       )
       insert into app_private.profile_claims (organization_id, human_id, code_id, patient_profile_id)
       select code.organization_id, personas.principal_id, code.id, '${profileId}'
       from code, tests.personas where personas.name = 'corina'
       returning id`,
    );
    const { acceptedVersionIds } = await accepting({})(world);
    return { claimId, code: "123456", acceptedVersionIds };
  },
};
