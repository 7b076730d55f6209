#include <stdio.h>

#warning "a compiler names the file, whose name the workflow engine makes up"

int main(int count, char **arguments) {
    FILE *numbers = fopen(arguments[1], "r");
    for (int number; numbers != NULL && fscanf(numbers, "%d", &number) == 1;) {
        int factor = 2;
        while (factor * factor <= number && number % factor != 0) factor++;
        if (number > 1 && factor * factor > number) printf("%d\n", number);
    }
    return count == 2 ? 0 : 1;
}
