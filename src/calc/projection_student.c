/* projection_student.c - Student's t for whole degrees of freedom: the finite series of Abramowitz &
 * Stegun 26.7.3 and 26.7.4, inverted by bisection.
 * SPDX-License-Identifier: MIT */
#include "calc/projection.h"

/* Probability of |T| < t. */
static double between(double t, uint32_t df)
{
    double theta = atan(t / sqrt(df)), c2 = df / (df + t * t), sum = 0, term = 1;
    bool odd = df % 2 == 1;
    for (uint32_t k = odd ? 1 : 0; k + 2 <= df; k += 2) {
        sum += term;
        term *= c2 * (k + 1.0) / (k + 2.0);
    }
    double sine = t / sqrt(df + t * t);
    if (!odd)
        return sine * sum;
    return (theta + sine * sqrt(c2) * sum) / 1.57079632679489661923;
}

double pagu_student_t(double level, uint32_t df)
{
    double low = 0, high = 1, wanted = level / 100;
    if (df < 1 || !(wanted > 0 && wanted < 1))
        return NAN;
    while (between(high, df) < wanted && high < 1e15)
        high *= 2;
    for (int i = 0; i < 200; i++) {
        double middle = low + (high - low) / 2;
        if (between(middle, df) < wanted)
            low = middle;
        else
            high = middle;
    }
    return high;
}
