-- What read_email found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_email(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'dot_misplaced' then
      perform app_hidden.refuse('VALIDATION', 'dot_misplaced', v_details);
    when 'local_part_too_long' then
      perform app_hidden.refuse('VALIDATION', 'local_part_too_long', v_details);
    when 'domain_label_too_long' then
      perform app_hidden.refuse('VALIDATION', 'domain_label_too_long', v_details);
    when 'address_too_long' then
      perform app_hidden.refuse('VALIDATION', 'address_too_long', v_details);
    when 'domain_not_accepted' then
      perform app_hidden.refuse('VALIDATION', 'domain_not_accepted', v_details);
    else
      perform app_hidden.refuse('VALIDATION', 'not_an_address', v_details);
  end case;
end;
$$;

comment on function app_hidden.refuse_email is 'Refuses an email address with the problem that read_email named.';
grant execute on function app_hidden.refuse_email to app_engine;
