import type pg from "pg";

/** As the server says for whom it works. Whoever seeds is no production. */
export async function actAs(client: pg.Client, principalId: string, organizationId: string): Promise<void> {
  await client.query(
    `select set_config('app.principal_id', $1, true), set_config('app.organization_id', $2, true),
            set_config('app.mode', case $1 when '' then '' else 'embedded' end, true)`,
    [principalId, organizationId],
  );
}

/** Acts as somebody of the clinic who may do this. */
export async function actAsWhoMay(
  client: pg.Client,
  permission: string,
  organizationId: string,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    `select memberships.human_id as id
     from app_public.memberships
     join app_public.membership_roles on membership_roles.membership_id = memberships.id
     join app_public.role_permissions on role_permissions.role_id = membership_roles.role_id
     where memberships.organization_id = $1 and role_permissions.permission = $2
     limit 1`,
    [organizationId, permission],
  );
  await actAs(client, rows[0]?.id as string, organizationId);
}
