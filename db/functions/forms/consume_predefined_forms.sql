-- The consumer "predefined_forms": a clinic was registered, and finds the product's templates of forms and documents among its own.

set role app_engine;

create or replace function app_private.consume_predefined_forms(event_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select app_private.give_predefined_forms(events.organization_id), app_private.give_predefined_documents(events.organization_id)
  from app_private.events
  where events.id = consume_predefined_forms.event_id
$$;

comment on function app_private.consume_predefined_forms is 'Gives the clinic of the event the templates that the product brings.';
grant execute on function app_private.consume_predefined_forms to app_worker;
reset role;
