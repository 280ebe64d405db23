-- 正态分位数 Critical values of the normal distribution
-- grain: comparisons
-- filled by: flows
-- why: 95 % for so many two-sided comparisons at once (Bonferroni): the quantile at 1 - 0.05 / (2 * comparisons). SQL has
-- no inverse of the normal distribution.
create table if not exists landed.normal_quantiles (
    comparisons integer,
    z_value double
);
