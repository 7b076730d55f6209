#include <stdio.h>

int main(void) {
    return printf("%d\n", 6 * 7) < 0;
}
