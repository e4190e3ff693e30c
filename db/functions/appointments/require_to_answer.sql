-- Whether the caller may answer this booking request, whatever became of it meanwhile: asked before an answer that is
-- remembered is told again. FND-26, APT-09.

create or replace function app_private.require_to_answer(booking_request_id uuid, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select booking_requests.organization_id into v_organization_id
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found');
  end if;
  perform app_private.authorize_move('booking_requests', 'requested', to_status, v_organization_id);
end;
$$;

comment on function app_private.require_to_answer is
  'Refuses as the first answer to the request would: NOT_FOUND for a stranger, FORBIDDEN for a colleague without the permission.';
grant execute on function app_private.require_to_answer to app_engine;
