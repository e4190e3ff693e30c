import type { Bench } from "./row.ts";

/** Somebody who works at one of the other clinics. The clinic's service and calendar have its id. */
export type Member = { id: string; clinicId: string };

/** A member at each of that many of the other clinics, with a role of its own that has these permissions. */
export async function hire(
  { admin }: Bench,
  count: number,
  role: string,
  permissions: string[],
): Promise<Member[]> {
  const { rows } = await admin.query<Member>(
    `with clinics as (
       select bench_id('other', c) as organization_id, bench_id($2 || ' member', c) as human_id,
              bench_id($2 || ' role', c) as role_id
       from generate_series(1, $1::int) as c
     ), principals as (
       insert into app_public.principals (id, kind) select human_id, 'human' from clinics
     ), humans as (
       insert into app_public.humans (principal_id, email, display_name)
       select human_id, human_id || '@bench.test', 'Member' from clinics
     ), members as (
       insert into app_public.memberships (id, organization_id, human_id)
       select human_id, organization_id, human_id from clinics
     ), roles as (
       insert into app_public.roles (id, organization_id, key, name) select role_id, organization_id, $2, 'Bench' from clinics
     ), granted as (
       insert into app_public.membership_roles (organization_id, membership_id, role_id)
       select organization_id, human_id, role_id from clinics
     ), allowed as (
       insert into app_public.role_permissions (organization_id, role_id, permission)
       select organization_id, role_id, permission from clinics cross join unnest($3::text[]) as permission
     )
     select human_id as id, organization_id as "clinicId" from clinics`,
    [count, role, permissions],
  );
  return rows;
}
