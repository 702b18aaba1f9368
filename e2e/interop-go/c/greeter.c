#include <stdlib.h>
int x;
