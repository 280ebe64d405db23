-- version 4 → 5: issues have an identity and are measured anew; what earlier versions found of them is mined again.
-- Frozen once released: a later change is a step of its own.
drop table landed.recurring_issues;
drop table landed.recurring_issue_orders;
