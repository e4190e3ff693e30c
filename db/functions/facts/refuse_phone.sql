-- What read_phone found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_phone(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'too_short' then
      perform app_hidden.refuse('VALIDATION', 'too_short', v_details);
    when 'too_long' then
      perform app_hidden.refuse('VALIDATION', 'too_long', v_details);
    when 'wrong_length' then
      perform app_hidden.refuse('VALIDATION', 'wrong_length', v_details);
    when 'not_in_use' then
      perform app_hidden.refuse('VALIDATION', 'not_in_use', v_details);
    when 'unknown_country' then
      perform app_hidden.refuse('VALIDATION', 'unknown_country', v_details);
    else
      perform app_hidden.refuse('VALIDATION', 'not_a_number', v_details);
  end case;
end;
$$;

comment on function app_hidden.refuse_phone is 'Refuses a telephone number with the problem that read_phone named.';
grant execute on function app_hidden.refuse_phone to app_engine;
