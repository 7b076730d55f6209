# Times as localtime prints them.
use lib '/opt/proof/perl';
use Steady;
print steady() ? 'never' : scalar localtime, ': ', title(), "\n";
printf "%.2f s for %d plugins\n", chance(9), plugins();
