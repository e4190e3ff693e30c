import type pg from "pg";

/** A clinic of its own for rows that look at what one clinic has grown to, and a front desk that sees all of it. */
export type BigClinic = { organizationId: string; frontDeskId: string };

/** Makes the clinic the first time that a row asks for it; as a superuser, with triggers off. */
export async function bigClinic(admin: pg.Client): Promise<BigClinic> {
  const ids = "bench_id('big clinic') as \"organizationId\", bench_id('big front desk') as \"frontDeskId\"";
  const { rows: found } = await admin.query(
    `select ${ids} from app_public.organizations where id = bench_id('big clinic')`,
  );
  if (found[0]) return found[0];
  await admin.query(`
    set session_replication_role = replica;
    insert into app_public.organizations (id, slug, name, activated_at) values (bench_id('big clinic'), 'big', 'Big', now());
    insert into app_public.principals (id, kind) values (bench_id('big front desk'), 'human');
    insert into app_public.humans (principal_id, email, display_name)
    values (bench_id('big front desk'), 'big@bench.test', 'Front desk');
    insert into app_public.memberships (id, organization_id, human_id)
    values (bench_id('big front desk'), bench_id('big clinic'), bench_id('big front desk'));
    insert into app_public.roles (id, organization_id, key, name)
    values (bench_id('big front desk'), bench_id('big clinic'), 'desk', 'Desk');
    insert into app_public.role_permissions (organization_id, role_id, permission)
    select bench_id('big clinic'), bench_id('big front desk'), permission
    from app_public.system_role_permissions where role_key = 'front_desk';
    insert into app_public.membership_roles (organization_id, membership_id, role_id)
    values (bench_id('big clinic'), bench_id('big front desk'), bench_id('big front desk'));
    reset session_replication_role`);
  const { rows } = await admin.query(`select ${ids}`);
  return rows[0];
}
