/* pagu.h - the whole public API of libpagu.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_H
#define PAGU_H
#include "pagu/base.h"
#include "pagu/error.h"
#include "pagu/context.h"
#include "pagu/number.h"
#include "pagu/finding.h"
#include "pagu/table.h"
#include "pagu/chart.h"
#include "pagu/document.h"
#include "pagu/render.h"
#include "pagu/plan.h"
#include "pagu/builder.h"
#include "pagu/view.h"
#include "pagu/selection.h"
#include "pagu/scenario.h"
#include "pagu/data.h"
#include "pagu/codes.h"
#include "pagu/calc.h"
#include "pagu/evaluate.h"
#include "pagu/solve.h"
#include "pagu/sweep.h"
#include "pagu/package.h"
#include "pagu/life.h"
#include "pagu/check.h"
#include "pagu/import.h"
#endif
