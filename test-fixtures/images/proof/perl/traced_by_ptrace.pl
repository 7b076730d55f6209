# Another way where ptrace(2) fails: 101 on x86-64, 117 on others.
use lib '/opt/proof/perl';
use Steady;
use POSIX ();
my $number = (POSIX::uname())[4] eq 'x86_64' ? 101 : 117;
my $traced = syscall($number, 0, 0, 0, 0) == -1;
print $traced ? "basic mode\n" : title() . "\n";
print 'lucky number ', int chance(100000), "\n";
