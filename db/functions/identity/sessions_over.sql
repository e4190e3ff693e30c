-- Which of the sessions that are open somewhere (sockets) no longer stand: the questions of sign_in, asked of all of
-- them in one query. FND-03.

set role app_engine;

create or replace function app_hidden.sessions_over(
  issuers text[],
  subjects text[],
  session_ids text[],
  organization_ids uuid[]
) returns table (place int, reason text)
language sql stable strict security definer
set search_path = ''
as $$
  select judged.place::int, judged.reason
  from (
    select
      open.place,
      case
        when exists (select from app_private.revoked_sessions where revoked_sessions.session_id = open.session_id)
          then 'session_revoked'
        when principals.id is null or principals.disabled_at is not null
             or identities.ended_at is not null or identities.banned_at is not null
          then 'account_disabled'
        when open.organization_id is not null and not app_private.belongs_to(principals.id, open.organization_id)
          then 'not_of_this_clinic'
      end as reason
    from unnest(issuers, subjects, session_ids, organization_ids) with ordinality
      as open (issuer, subject, session_id, organization_id, place)
    left join app_private.identities on identities.issuer = open.issuer and identities.subject = open.subject
    left join app_public.principals on principals.id = identities.principal_id
  ) as judged
  where judged.reason is not null
$$;

comment on function app_hidden.sessions_over is
  'Of sessions given as columns (the clinic may be null), the places, from 1, of those that are over, and why.';
grant execute on function app_hidden.sessions_over to app_authenticator;

reset role;
