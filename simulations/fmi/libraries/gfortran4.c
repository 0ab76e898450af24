/* The few functions of libgfortran.so.4 (GCC 7) that FMUs import: for the error texts of LAPACK and BLAS, and small
 * arithmetic. Not forwarded to libgfortran.so.5: lengths, records of input and output, and array descriptors differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int length; /* of a CHARACTER: int up to GCC 7, size_t since */

/* write(*,*) of one line, to standard error. The record that Fortran passes is of no interest. */

void _gfortran_st_write(void *record) {
    (void)record;
    fputs("[fortran] ", stderr);
}

void _gfortran_st_write_done(void *record) {
    (void)record;
    fputc('\n', stderr);
}

void _gfortran_transfer_character_write(void *record, const char *text, length size) {
    (void)record;
    if (size > 0) fwrite(text, 1, (size_t)size, stderr);
    fputc(' ', stderr);
}

static long long integer_of(const void *value, int kind) {
    switch (kind) {
        case 1: return *(const signed char *)value;
        case 2: return *(const short *)value;
        case 8: return *(const long long *)value;
        default: return *(const int *)value;
    }
}

void _gfortran_transfer_integer_write(void *record, const void *value, int kind) {
    (void)record;
    fprintf(stderr, "%lld ", integer_of(value, kind));
}

void _gfortran_transfer_real_write(void *record, const void *value, int kind) {
    (void)record;
    fprintf(stderr, "%g ", kind == 4 ? (double)*(const float *)value : *(const double *)value);
}

void _gfortran_transfer_logical_write(void *record, const void *value, int kind) {
    (void)record;
    fputs(integer_of(value, kind) ? "T " : "F ", stderr);
}

/* CHARACTER values are padded with blanks to their length. */

void _gfortran_concat_string(length size, char *target, length left_size, const char *left, length right_size,
                             const char *right) {
    if (size <= 0) return;
    if (left_size > size) left_size = size;
    if (left_size < 0) left_size = 0;
    if (right_size > size - left_size) right_size = size - left_size;
    if (right_size < 0) right_size = 0;
    memcpy(target, left, (size_t)left_size);
    memcpy(target + left_size, right, (size_t)right_size);
    memset(target + left_size + right_size, ' ', (size_t)(size - left_size - right_size));
}

static int compare_with_blanks(const char *text, length from, length to) {
    for (length i = from; i < to; i++)
        if (text[i] != ' ') return (unsigned char)text[i] > ' ' ? 1 : -1;
    return 0;
}

int _gfortran_compare_string(length left_size, const char *left, length right_size, const char *right) {
    length common = left_size < right_size ? left_size : right_size;
    int order = common > 0 ? memcmp(left, right, (size_t)common) : 0;
    if (order != 0 || left_size == right_size) return order;
    return left_size > right_size ? compare_with_blanks(left, common, left_size)
                                  : -compare_with_blanks(right, common, right_size);
}

length _gfortran_string_len_trim(length size, const char *text) {
    while (size > 0 && text[size - 1] == ' ') size--;
    return size > 0 ? size : 0;
}

void _gfortran_string_trim(length *trimmed_size, char **trimmed, length size, const char *text) {
    *trimmed_size = _gfortran_string_len_trim(size, text);
    *trimmed = NULL;
    if (*trimmed_size == 0) return;
    *trimmed = malloc((size_t)*trimmed_size);
    if (*trimmed == NULL) abort();
    memcpy(*trimmed, text, (size_t)*trimmed_size);
}

int _gfortran_pow_i4_i4(int base, int exponent) {
    unsigned result = 1, square = (unsigned)base;
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? ((exponent & 1) ? -1 : 1) : 0;
    for (unsigned left = (unsigned)exponent; left != 0; left >>= 1, square *= square)
        if (left & 1) result *= square;
    return (int)result;
}

double _gfortran_pow_r8_i4(double base, int exponent) {
    double result = 1, square = base;
    for (unsigned left = exponent < 0 ? -(unsigned)exponent : (unsigned)exponent; left != 0; left >>= 1, square *= square)
        if (left & 1) result *= square;
    return exponent < 0 ? 1 / result : result;
}

void _gfortran_stop_string(const char *text, length size) {
    fputs("[fortran] STOP ", stderr);
    if (text != NULL && size > 0) fwrite(text, 1, (size_t)size, stderr);
    fputc('\n', stderr);
    abort();
}

void _gfortran_set_args(int count, char **arguments) {
    (void)count;
    (void)arguments;
}

void _gfortran_set_options(int count, int *options) {
    (void)count;
    (void)options;
}
