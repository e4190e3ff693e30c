-- Which templates an appointment asks for, booked or about to be: those of its service and of its calendar that are in use, each
-- once. The one place for this rule: forms are made by it, and the gate knows by it which consents are asked. FRM-08, CNS-08.
-- Without settings of its own, so that the planner puts its body in place.

create or replace function app_private.templates_asked(draft app_public.appointments) returns setof app_public.form_templates
language sql stable
begin atomic
  select template.*
  from app_public.form_templates as template
  where template.organization_id = (draft).organization_id
    and template.published
    and template.id in (
      select service_forms.template_id from app_public.service_forms
      where service_forms.organization_id = (draft).organization_id and service_forms.service_id = (draft).service_id
      union all
      select calendar_forms.template_id from app_public.calendar_forms
      where calendar_forms.organization_id = (draft).organization_id and calendar_forms.calendar_id = (draft).calendar_id);
end;

comment on function app_private.templates_asked is 'The templates in use that service and calendar of an appointment ask for.';
grant execute on function app_private.templates_asked to app_engine;
