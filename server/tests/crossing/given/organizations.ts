/** Clinics and who works there. */

import type { World } from "../world.ts";
import { type Given, id, type Making } from "./making.ts";

export const ofOrganizations: Record<string, Making> = {
  acceptInvitation: invited,
  declineInvitation: invited,
  updateOrganization: async () => ({
    requiredProfileFields: ["phone"],
    lowRatingBelow: 3,
    replayInfrequentAfterDays: 30,
    replayArchiveAfterDays: 60,
    replayRemoveAfterDays: 90,
    reminderMinutes: [120],
    remindersFrom: "07:00:00",
    remindersUntil: "21:00:00",
    embeddingOrigins: ["https://www.atlas.test"],
  }),
  restoreDeletedRow: async (world) => ({
    entity: "services",
    id: await id(world, "select tests.id('service of retired calendar') as id"),
  }),
};

/** An invitation of atlas to corina, who has an account and works nowhere. */
async function invited(world: World): Promise<Given> {
  const corina = "(select principal_id from tests.personas where name = 'corina' limit 1)";
  await world.api.sql(
    `update app_public.invitations set status = 'revoked'
     where email = (select email from app_public.humans where principal_id = ${corina}) and status = 'open'`,
  );
  const invitationId = await id(
    world,
    `with made as (
       insert into app_public.invitations (organization_id, kind, email, name, invited_by, expires_at)
       select tests.id('atlas'), 'member', humans.email, 'Corina',
         (select principal_id from tests.personas where name = 'olga' limit 1), now() + interval '1 day'
       from app_public.humans where humans.principal_id = ${corina}
       returning organization_id, id
     ), roles as (
       insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
       select made.organization_id, made.id, roles.id from made
       join app_public.roles on roles.organization_id = made.organization_id and roles.system_role_key = 'front_desk'
     )
     select id from made`,
  );
  return { invitationId };
}
