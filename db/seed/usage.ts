import type pg from "pg";

/**
 * What the clinic used: reminders by text message a day before each appointment, video calls that took place, sessions that patients did at
 * home, and a summary that a model wrote of every third visit. Most of it lies before the subscription, which begins today.
 */
export async function fillUsage(client: pg.Client, organizationId: string): Promise<void> {
  await client.query("set local role app_engine");
  await client.query(`
    insert into app_public.ai_model_prices (model, unit, currency, price_per_million, valid_from)
    select 'visit-summary-1', priced.unit, 'RON', priced.price, now() - interval '1 year'
    from (values ('input_tokens', 1150.5), ('output_tokens', 6900)) as priced (unit, price)
    where not exists (select from app_public.ai_model_prices as known where known.model = 'visit-summary-1')`);
  await client.query(
    `select app_private.record_usages($1, 'sms_messages', 'messages', array_agg('reminder of ' || id order by sent_at, id),
       array_agg(1::numeric), array_agg(sent_at order by sent_at, id))
     from (
       select id, least(starts_at - interval '1 day', now() - interval '10 minutes') as sent_at
       from app_public.appointments
       where organization_id = $1 and starts_at between now() - interval '60 days' and now() + interval '1 day' and deleted_at is null
     ) as reminded having count(*) > 0`,
    [organizationId],
  );
  await client.query(
    `select app_private.record_usages($1, 'video_minutes', 'video_rooms', array_agg('call of ' || id order by ends_at, id),
       array_agg(ceil(extract(epoch from ends_at - starts_at) / 60) order by ends_at, id), array_agg(ends_at order by ends_at, id))
     from app_public.appointments
     where organization_id = $1 and modality = 'video' and status = 'done' and ends_at between now() - interval '60 days' and now()
     having count(*) > 0`,
    [organizationId],
  );
  await client.query(
    `select app_private.record_usages($1, 'telerehab_sessions', 'patient_sessions', array_agg(id::text order by started_at, id),
       array_agg(1::numeric), array_agg(started_at order by started_at, id))
     from app_public.patient_sessions where organization_id = $1 and started_at <= now() having count(*) > 0`,
    [organizationId],
  );
  await client.query(
    `select app_private.record_ai_call($1, 'summary of ' || id, 'visit-summary-1',
       jsonb_build_object('input_tokens', 900 + place * 37 % 800, 'output_tokens', 180 + place * 13 % 240), ends_at)
     from (
       select id, ends_at, row_number() over (order by ends_at, id)::int as place
       from app_public.appointments
       where organization_id = $1 and status = 'done' and ends_at between now() - interval '60 days' and now()
     ) as visits where place % 3 = 0 order by place`,
    [organizationId],
  );
  await client.query("reset role");
}
